// Expressions: the dispatch over tree nodes, constants, names, conditions, casts and tuples.
#include <llvm/IR/InlineAsm.h>

#include "ast/promote.h"
#include "codegen/lower_builtins.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {

using ast::TypeKind;

Value Lowering::lower(const ast::Expr& expr) {
  const ast::ExprInfo& known = info(expr);
  if (known.constant) return lower_constant(known);
  base::SourceRange before = location_;
  set_location(expr.range);
  auto* parameter = std::get_if<ast::ParameterUse>(&known.use);
  Value value =
      parameter ? lower_constant({known.type, parameter->value, {}})
                : std::visit([&](const auto& node) { return lower_node(expr, node); }, expr.node);
  set_location(before);
  return value;
}

llvm::Value* Lowering::lower_bits(const ast::Expr& expr) {
  Value value = read(lower(expr));
  if (value.place == Place::Register) return value.bits();
  fail(expr.range, "internal error: a number of type " + ast::type_name(type(expr)));
  return constant(0);
}

llvm::Value* Lowering::number(const Value& value) {
  Value bits = read(value);
  const bool typed = bits.trusted || bits.type.is(TypeKind::Pointer);
  if (!typed || llvm::isa<llvm::ConstantInt>(bits.bits())) return bits.bits();
  return plain(bits.bits());
}

llvm::Value* Lowering::plain(llvm::Value* bits) {
  // The verifier refuses arithmetic on a pointer that it has a type for. Of what is negated it only
  // knows that it is a number; twice negated it is the same number.
  auto* type = llvm::FunctionType::get(b_.getInt64Ty(), {b_.getInt64Ty()}, false);
  auto* negate = llvm::InlineAsm::get(type, "$0 = -$0\n$0 = -$0", "=r,0", false);
  return b_.CreateCall(type, negate, {bits});
}

llvm::Value* Lowering::lower_number(const ast::Expr& expr) { return number(lower(expr)); }

llvm::Value* Lowering::lower_condition(const ast::Expr& expr) {
  const ast::ExprInfo& known = info(expr);
  if (known.constant) {
    if (auto* text = std::get_if<std::string>(&*known.constant)) return b_.getInt1(!text->empty());
  }
  return b_.CreateICmpNE(lower_bits(expr), constant(0));
}

void Lowering::lower_into(const ast::Expr& expr, const ast::Type& target, const Address& to,
                          bool padded) {
  const ast::ExprInfo& known = info(expr);
  if (known.constant) {
    if (auto* text = std::get_if<std::string>(&*known.constant);
        text && target.is(TypeKind::String)) {
      std::string kept = text->substr(0, target.size - 1);
      uint32_t size = padded ? target.size : static_cast<uint32_t>(kept.size() + 1);
      write_text(kept, size, to);
      return;
    }
  }
  if (!known.constant) {
    if (writes_itself(expr)) return write_fields(expr, target, to, padded);
    if (const ast::Block* block = block_of(expr)) {
      for (const ast::StmtPtr& statement : block->statements) lower_statement(*statement);
      if (block->value) lower_into(*block->value, target, to, padded);
      return;
    }
    if (auto* access = std::get_if<ast::MapAccess>(&expr.node); access && !in_register(target)) {
      return read_map_into(expr, *access, target, to, padded);
    }
    if (ast::same_type(target, known.type) && !in_register(target)) {
      if (const BuiltinLowering* row = memory_builtin(known)) {
        base::SourceRange before = location_;
        set_location(expr.range);
        row->memory(*this, expr, to, padded);
        return set_location(before);
      }
    }
  }
  write(lower(expr), target, to, padded);
}

Value Lowering::lower_constant(const ast::ExprInfo& known) {
  if (auto* number = std::get_if<ast::IntegerConstant>(&*known.constant)) {
    return register_value(constant(number->bits), known.type);
  }
  if (auto* truth = std::get_if<bool>(&*known.constant)) {
    return register_value(constant(*truth ? 1 : 0), known.type);
  }
  const std::string& text = std::get<std::string>(*known.constant);
  Value value = reference(Place::Memory, nullptr, 0, known.type);
  auto size = static_cast<uint32_t>(text.size() + 1);
  value.type.size = std::max(value.type.size, size);
  value.address = allocate(value.type.size);
  value.padded = true;
  write_text(text, value.type.size, value.address);
  return value;
}

// Literals always carry a constant; these are for trees that sema did not fold.
Value Lowering::lower_node(const ast::Expr& expr, const ast::IntegerLiteral& node) {
  return register_value(constant(node.value), type(expr));
}
Value Lowering::lower_node(const ast::Expr& expr, const ast::StringLiteral& node) {
  return lower_constant({ast::string_type(static_cast<uint32_t>(node.value.size() + 1)),
                         ast::Constant(node.value), info(expr).use});
}
Value Lowering::lower_node(const ast::Expr& expr, const ast::BoolLiteral& node) {
  return register_value(constant(node.value ? 1 : 0), type(expr));
}
Value Lowering::lower_node(const ast::Expr& expr, const ast::PositionalParameter&) {
  fail(expr.range, "internal error: a positional parameter was not folded");
  return register_value(constant(0), type(expr));
}
Value Lowering::lower_node(const ast::Expr& expr, const ast::ParameterCount&) {
  fail(expr.range, "internal error: $# was not folded");
  return register_value(constant(0), type(expr));
}

Value Lowering::lower_node(const ast::Expr& expr, const ast::Identifier&) {
  const ast::ExprInfo& known = info(expr);
  if (auto* field = std::get_if<ast::FieldUse>(&known.use)) {
    return field->in_context ? context_field(field->field, known.type)
                             : comm_field(*field, known.type);
  }
  return lower_builtin(expr, nullptr);
}

Value Lowering::lower_node(const ast::Expr& expr, const ast::Call& node) {
  const ast::ExprInfo& known = info(expr);
  if (auto* field = std::get_if<ast::FieldUse>(&known.use)) {
    return field->in_context ? context_field(field->field, known.type)
                             : comm_field(*field, known.type);
  }
  if (auto* external = std::get_if<ast::ExternalUse>(&known.use)) {
    return lower_external(expr, node, external->function);
  }
  return lower_builtin(expr, &node);
}

Value Lowering::lower_node(const ast::Expr& expr, const ast::Variable&) {
  auto* use = std::get_if<ast::VariableUse>(&info(expr).use);
  const ast::Type& stored = probe_.variables[use->variable].type;
  Address memory = variable_memory(use->variable);
  if (variables_[use->variable].by_address) {
    Place place = place_of(stored.space);
    if (place == Place::User && variables_[use->variable].copied) place = Place::Generic;
    return reference(place, load(memory, 8), 0, stored);
  }
  if (in_register(stored)) {
    llvm::Value* bits = load(memory, 8);
    return register_value(convert(bits, stored, type(expr)), type(expr));
  }
  Value value = reference(Place::Memory, nullptr, 0, stored);
  value.address = memory;
  value.padded = keeps_padding(stored);
  return value;
}

Value Lowering::lower_node(const ast::Expr& expr, const ast::MapAccess& node) {
  return read_map(expr, node);
}

llvm::Value* Lowering::convert(llvm::Value* bits, const ast::Type& from, const ast::Type& to) {
  if (to.is(TypeKind::Bool)) {
    if (from.is(TypeKind::Bool)) return bits;
    return b_.CreateZExt(b_.CreateICmpNE(bits, constant(0)), b_.getInt64Ty());
  }
  bool number = to.is(TypeKind::Integer) || to.is(TypeKind::Enum);
  if (!number || to.size == 0 || to.size >= 8) return bits;
  if (ast::is_integer_like(from) && ast::integer_fits(ast::as_integer(from), ast::as_integer(to)) &&
      !from.flexible) {
    return bits;
  }
  return extend(b_.CreateTrunc(bits, integer(to.size)), to);
}

}  // namespace gimlet::codegen
