// Operators on integers and pointers (language §6.3, §7.1). Operands are i64 already; what is left
// of their types is the sign, which decides comparisons and divisions.
#include "ast/promote.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {

using ast::BinaryOp;
using ast::TypeKind;

namespace {

bool is_comparison(BinaryOp op) {
  switch (op) {
    case BinaryOp::Less:
    case BinaryOp::LessEqual:
    case BinaryOp::Greater:
    case BinaryOp::GreaterEqual:
    case BinaryOp::Equal:
    case BinaryOp::NotEqual: return true;
    default: return false;
  }
}

llvm::CmpInst::Predicate predicate(BinaryOp op, bool is_signed) {
  using P = llvm::CmpInst;
  switch (op) {
    case BinaryOp::Less: return is_signed ? P::ICMP_SLT : P::ICMP_ULT;
    case BinaryOp::LessEqual: return is_signed ? P::ICMP_SLE : P::ICMP_ULE;
    case BinaryOp::Greater: return is_signed ? P::ICMP_SGT : P::ICMP_UGT;
    case BinaryOp::GreaterEqual: return is_signed ? P::ICMP_SGE : P::ICMP_UGE;
    case BinaryOp::Equal: return P::ICMP_EQ;
    default: return P::ICMP_NE;
  }
}

uint64_t pointee_size(const ast::Type& pointer) {
  return std::max<uint64_t>(pointer.element->size, 1);
}

}  // namespace

// BPF before version 4 divides without signs: divide the magnitudes, then give the result its sign.
llvm::Value* Lowering::divide(bool modulo, llvm::Value* left, llvm::Value* right, bool is_signed) {
  auto unsigned_result = [&](llvm::Value* a, llvm::Value* b) {
    return modulo ? b_.CreateURem(a, b) : b_.CreateUDiv(a, b);
  };
  auto compute = [&]() -> llvm::Value* {
    if (!is_signed) return unsigned_result(left, right);
    auto magnitude = [&](llvm::Value* n, llvm::Value* sign) {
      return b_.CreateSub(b_.CreateXor(n, sign), sign);
    };
    llvm::Value* left_sign = b_.CreateAShr(left, 63);
    llvm::Value* right_sign = b_.CreateAShr(right, 63);
    llvm::Value* result = unsigned_result(magnitude(left, left_sign), magnitude(right, right_sign));
    return magnitude(result, modulo ? left_sign : b_.CreateXor(left_sign, right_sign));
  };
  auto* known = llvm::dyn_cast<llvm::ConstantInt>(right);
  if (known && !known->isZero()) return compute();
  return choose(
      b_.CreateICmpEQ(right, constant(0)),
      [&]() -> llvm::Value* {
        runtime_error(
            "Divide or modulo by 0 detected. This can lead to unexpected results. 1 is "
            "being used as the result.");
        return constant(1);
      },
      compute);
}

llvm::Value* Lowering::arithmetic(BinaryOp op, llvm::Value* left, llvm::Value* right,
                                  const ast::Type& result) {
  switch (op) {
    case BinaryOp::Multiply: return b_.CreateMul(left, right);
    case BinaryOp::Divide:
    case BinaryOp::Modulo: return divide(op == BinaryOp::Modulo, left, right, result.is_signed);
    case BinaryOp::Add: return b_.CreateAdd(left, right);
    case BinaryOp::Subtract: return b_.CreateSub(left, right);
    // BPF uses the low six bits of a count; LLVM must not take larger ones for undefined.
    case BinaryOp::ShiftLeft: return b_.CreateShl(left, b_.CreateAnd(right, constant(63)));
    case BinaryOp::ShiftRight: return b_.CreateLShr(left, b_.CreateAnd(right, constant(63)));
    case BinaryOp::BitAnd: return b_.CreateAnd(left, right);
    case BinaryOp::BitXor: return b_.CreateXor(left, right);
    case BinaryOp::BitOr: return b_.CreateOr(left, right);
    default: break;
  }
  fail(location_, std::string("internal error: operator ") + ast::spelling(op));
  return left;
}

llvm::Value* Lowering::step(BinaryOp op, llvm::Value* left, const ast::Type& left_type,
                            llvm::Value* right, const ast::Type& right_type) {
  if (left_type.is(TypeKind::Pointer)) {
    right = b_.CreateMul(right, constant(pointee_size(left_type)));
    return op == BinaryOp::Subtract ? b_.CreateSub(left, right) : b_.CreateAdd(left, right);
  }
  ast::Type result = ast::arithmetic_type(left_type, right_type, op == BinaryOp::Subtract);
  return arithmetic(op, left, right, result);
}

llvm::Value* Lowering::compare(const ast::Binary& node) {
  const ast::Type& left = type(*node.left);
  const ast::Type& right = type(*node.right);
  bool pointers = left.is(TypeKind::Pointer) || right.is(TypeKind::Pointer);
  if (pointers || (ast::is_integer_like(left) && ast::is_integer_like(right)) ||
      in_register(left)) {
    bool is_signed = ast::is_integer_like(left) && ast::is_integer_like(right) &&
                     ast::compares_signed(left, right);
    llvm::Value* a = lower_number(*node.left);
    llvm::Value* b = lower_number(*node.right);
    return b_.CreateICmp(predicate(node.op, is_signed), a, b);
  }
  llvm::Value* equal;
  if (left.is(TypeKind::String)) {
    equal = strings_equal(*node.left, *node.right);
  } else {
    ast::Type common = ast::promote(left, right).value_or(left);
    auto side = [&](const ast::Expr& expr) {
      if (ast::same_type(type(expr), common) && !common.is(TypeKind::Tuple) &&
          !common.is(TypeKind::Record)) {
        return materialize(lower(expr));
      }
      Value value = reference(Place::Memory, nullptr, 0, common);
      value.address = allocate(common.size);
      lower_into(expr, common, value.address, true);
      return value;
    };
    Value a = side(*node.left);
    Value b = side(*node.right);
    equal = bytes_equal(a, b, common.size);
  }
  return node.op == BinaryOp::Equal ? equal : b_.CreateNot(equal);
}

Value Lowering::lower_node(const ast::Expr& expr, const ast::Binary& node) {
  const ast::Type& result = type(expr);
  auto truth = [&](llvm::Value* bit) {
    return register_value(b_.CreateZExt(bit, b_.getInt64Ty()), result);
  };
  if (node.op == BinaryOp::LogicalAnd || node.op == BinaryOp::LogicalOr) {
    bool is_and = node.op == BinaryOp::LogicalAnd;
    llvm::Value* left = lower_condition(*node.left);
    auto right = [&] { return b_.CreateZExt(lower_condition(*node.right), b_.getInt64Ty()); };
    auto known = [&]() -> llvm::Value* { return constant(is_and ? 0 : 1); };
    return register_value(is_and ? choose(left, right, known) : choose(left, known, right), result);
  }
  if (is_comparison(node.op)) return truth(compare(node));
  const ast::Type& left = type(*node.left);
  const ast::Type& right = type(*node.right);
  llvm::Value* a = lower_number(*node.left);
  llvm::Value* b = lower_number(*node.right);
  if (left.is(TypeKind::Pointer)) {
    ast::Type scaled = left;
    if (result.is(TypeKind::Pointer)) scaled = result;
    return register_value(step(node.op, a, scaled, b, right), result);
  }
  if (right.is(TypeKind::Pointer)) {
    return register_value(step(node.op, b, result, a, left), result);
  }
  llvm::Value* bits = arithmetic(node.op, a, b, result);
  if (result.is(TypeKind::Bool)) bits = convert(bits, ast::integer_type(8, false), result);
  return register_value(bits, result);
}

Value Lowering::address_of_operand(const ast::Expr& operand) {
  auto use = info(operand).use;
  if (auto* map = std::get_if<ast::MapUse>(&use)) {
    return register_value(b_.CreatePtrToInt(map_pointer(map->map), b_.getInt64Ty()),
                          ast::integer_type(8, false));
  }
  uint32_t variable = std::get<ast::VariableUse>(use).variable;
  Address memory = variable_memory(variable);
  // Structs and arrays are references already.
  llvm::Value* address = variables_[variable].by_address
                             ? load(memory, 8)
                             : opaque(b_.CreatePtrToInt(pointer(memory), b_.getInt64Ty()));
  return register_value(address, ast::integer_type(8, false));
}

Value Lowering::lower_node(const ast::Expr& expr, const ast::Unary& node) {
  const ast::Type& result = type(expr);
  switch (node.op) {
    case ast::UnaryOp::LogicalNot: {
      llvm::Value* not_set = b_.CreateNot(lower_condition(*node.operand));
      return register_value(b_.CreateZExt(not_set, b_.getInt64Ty()), result);
    }
    case ast::UnaryOp::BitNot:
      return register_value(b_.CreateNot(lower_number(*node.operand)), result);
    case ast::UnaryOp::Negate:
      return register_value(b_.CreateNeg(lower_number(*node.operand)), result);
    case ast::UnaryOp::AddressOf:
      return register_value(address_of_operand(*node.operand).bits(), result);
    case ast::UnaryOp::Dereference: break;
  }
  const ast::Type& from = type(*node.operand);
  if (from.is(TypeKind::Integer)) {
    // Reads as many bytes as the integer has.
    llvm::Value* address = lower_number(*node.operand);
    ast::Type read_type = ast::integer_type(from.size, false);
    return register_value(read(reference(place_of(from.space), address, 0, read_type)).bits(),
                          result);
  }
  Value pointer_value = read(base_of(*node.operand));
  if (pointer_value.place != Place::Register) return pointer_value;
  return read(dereference(pointer_value, result));
}

Value Lowering::lower_node(const ast::Expr& expr, const ast::Step& node) {
  bool down = node.op == ast::StepOp::PreDecrement || node.op == ast::StepOp::PostDecrement;
  bool before = node.op == ast::StepOp::PostIncrement || node.op == ast::StepOp::PostDecrement;
  const ast::Type& stored = type(*node.operand);
  uint64_t amount = stored.is(TypeKind::Pointer) ? pointee_size(stored) : 1;
  if (down) amount = -amount;
  auto change = [&](llvm::Value* old) {
    return convert(b_.CreateAdd(old, constant(amount)), ast::integer_type(8, stored.is_signed),
                   stored);
  };
  if (auto* access = std::get_if<ast::MapAccess>(&node.operand->node)) {
    const auto& use = std::get<ast::MapUse>(info(*node.operand).use);
    auto [old, changed] = modify_map(*access, use.map, change);
    return register_value(before ? old : changed, type(expr));
  }
  const auto& use = std::get<ast::VariableUse>(info(*node.operand).use);
  llvm::Value* old = load(variable_memory(use.variable), 8);
  llvm::Value* changed = change(old);
  store_scalar(use.variable, changed);
  return register_value(before ? old : changed, type(expr));
}

}  // namespace gimlet::codegen
