// Operators of two operands (language §4, §6, §9). A compound assignment uses them, too.

#include <fmt/format.h>

#include "ast/promote.h"
#include "ast/sema/checker.h"
#include "ast/sema/fold.h"

namespace gimlet::ast::sema {
namespace {

bool is_comparison(BinaryOp op) {
  return op == BinaryOp::Less || op == BinaryOp::LessEqual || op == BinaryOp::Greater ||
         op == BinaryOp::GreaterEqual || op == BinaryOp::Equal || op == BinaryOp::NotEqual;
}
bool is_equality(BinaryOp op) { return op == BinaryOp::Equal || op == BinaryOp::NotEqual; }
bool is_logical(BinaryOp op) { return op == BinaryOp::LogicalAnd || op == BinaryOp::LogicalOr; }

// Which side's address space the result has (language §7.2).
AddressSpace joined_space(const Type& left, const Type& right) {
  return left.space != AddressSpace::None ? left.space : right.space;
}

}  // namespace

std::optional<ExprInfo> Checker::folded(const Operation& operation) {
  const auto& left = info(operation.left_operand).constant;
  const auto& right = info(operation.right_operand).constant;
  if (right && (operation.op == BinaryOp::Divide || operation.op == BinaryOp::Modulo)) {
    auto* number = std::get_if<IntegerConstant>(&*right);
    if (number && number->bits == 0) {
      error(operation.range, "unable to fold literals due to overflow or underflow");
      return ExprInfo{};
    }
  }
  if (!left || !right) return std::nullopt;
  auto result = fold_binary(operation.op, *left, *right);
  if (!result) return std::nullopt;
  if (result->error) {
    error(operation.range, result->error);
    return ExprInfo{};
  }
  auto* text = std::get_if<std::string>(&*left);
  bool emptied = text && std::holds_alternative<IntegerConstant>(*right) &&
                 std::get<std::string>(result->value).empty();
  if (emptied && operation.op == BinaryOp::Add) {
    warning(operation.range, "literal string will always be empty");
  }
  return constant_info(result->value);
}

ExprInfo Checker::mismatch(const Operation& operation) {
  const Type& left = operation.left;
  const Type& right = operation.right;
  const char* op = spelling(operation.op);
  bool pointer = left.is(TypeKind::Pointer) || right.is(TypeKind::Pointer);
  // Nothing is wrong between values of one type, but that they have no such operator.
  bool same_kind =
      left.kind == right.kind && (!is_equality(operation.op) || same_type(left, right));
  if (same_kind || (pointer && !is_comparison(operation.op))) {
    error(operation.op_range,
          fmt::format("The {} operator can not be used on expressions of types {}, {}", op,
                      type_name(left), type_name(right)));
  } else {
    error(operation.op_range, fmt::format("Type mismatch for '{}': comparing {} with {}", op,
                                          type_name(left), type_name(right)))
        .note(operation.left_operand.range, fmt::format("left ({})", type_name(left)))
        .note(operation.right_operand.range, fmt::format("right ({})", type_name(right)));
  }
  return {};
}

ExprInfo Checker::visit(const Expr& expr, const Binary& binary) {
  Type left = check_value(*binary.left);
  Type right = check_value(*binary.right);
  Operation operation{binary.op, expr.range, binary.op_range, *binary.left, *binary.right,
                      left,      right};
  if (auto result = folded(operation)) return *result;
  return operate(operation);
}

ExprInfo Checker::operate(const Operation& operation) {
  const BinaryOp op = operation.op;
  const Type& left = operation.left;
  const Type& right = operation.right;
  bool pointers = left.is(TypeKind::Pointer) && right.is(TypeKind::Pointer);
  bool spaces = left.space != AddressSpace::None && right.space != AddressSpace::None;
  if (pointers && spaces && left.space != right.space) {
    warning(operation.range, "Addrspace mismatch");
  }
  if (is_equality(op)) {
    if (auto equal = literals_equal(operation.left_operand, operation.right_operand)) {
      return constant_info(*equal == (op == BinaryOp::Equal));
    }
  }
  if (!left.known() || !right.known()) {
    if (last_round() && facts_.error_count() == 0) return mismatch(operation);
    return is_comparison(op) || is_logical(op) ? ExprInfo{bool_type(), {}, {}} : ExprInfo{};
  }
  if (is_logical(op)) {
    auto logical = [](const Type& t) { return is_integer_like(t) || t.is(TypeKind::Pointer); };
    if (!logical(left) || !logical(right)) return mismatch(operation);
    return {bool_type(), {}, {}};
  }
  if (is_integer_like(left) && is_integer_like(right)) return binary_integers(operation);
  if (left.is(TypeKind::Pointer) || right.is(TypeKind::Pointer)) {
    if (auto result = binary_pointers(operation)) return *result;
    return mismatch(operation);
  }
  return binary_equality(operation);
}

ExprInfo Checker::binary_integers(const Operation& operation) {
  const Type& left = operation.left;
  const Type& right = operation.right;
  std::optional<Type> common = promote(as_integer(left), as_integer(right));
  if (common && !is_comparison(operation.op)) common->size = 8;
  if (common) {
    warn_implicit_cast(operation.left_operand, as_integer(left), *common);
    warn_implicit_cast(operation.right_operand, as_integer(right), *common);
  }
  if (is_comparison(operation.op)) return {bool_type(), {}, {}};
  if (left.is(TypeKind::Bool) && right.is(TypeKind::Bool)) return {bool_type(), {}, {}};
  bool division = operation.op == BinaryOp::Divide || operation.op == BinaryOp::Modulo;
  Type result = arithmetic_type(left, right, operation.op == BinaryOp::Subtract);
  bool constants = info(operation.left_operand).constant || info(operation.right_operand).constant;
  if (division && result.is_signed && !same_type(left, right) && !constants) {
    warning(operation.range,
            fmt::format("signed operands for '{}' can lead to undefined behavior (cast "
                        "to unsigned to silence warning)",
                        spelling(operation.op)));
  }
  result.space = joined_space(left, right);
  return {result, {}, {}};
}

std::optional<ExprInfo> Checker::binary_pointers(const Operation& operation) {
  const Type& left = operation.left;
  const Type& right = operation.right;
  bool both = left.is(TypeKind::Pointer) && right.is(TypeKind::Pointer);
  if (is_comparison(operation.op)) {
    if (!both && !is_integer_like(left) && !is_integer_like(right)) return std::nullopt;
    if (both && !same_type(left, right)) {
      warning(operation.op_range, fmt::format("comparison of distinct pointer types: {}, {}",
                                              type_name(left), type_name(right)));
    }
    return ExprInfo{bool_type(), {}, {}};
  }
  bool adds = operation.op == BinaryOp::Add && !both;
  bool subtracts = operation.op == BinaryOp::Subtract && left.is(TypeKind::Pointer) && !both;
  if (!adds && !subtracts) return std::nullopt;
  const Type& pointer = left.is(TypeKind::Pointer) ? left : right;
  const Type& number = left.is(TypeKind::Pointer) ? right : left;
  if (!is_integer_like(number)) return std::nullopt;
  return ExprInfo{sized_pointer(pointer), {}, {}};
}

ExprInfo Checker::binary_equality(const Operation& operation) {
  const Type& left = operation.left;
  const Type& right = operation.right;
  if (left.kind != right.kind) return mismatch(operation);
  if (!is_equality(operation.op)) {
    if (left.is(TypeKind::Array)) {
      error(operation.op_range,
            fmt::format("The {} operator cannot be used on arrays.", spelling(operation.op)));
      return {};
    }
    return mismatch(operation);
  }
  ExprInfo result{bool_type(), {}, {}};
  switch (left.kind) {
    case TypeKind::String:
    case TypeKind::Buffer: return result;
    case TypeKind::Array:
      if (left.length != right.length) {
        error(operation.op_range, "Only arrays of same size support comparison operators.");
      } else if (!is_integer_like(*left.element) || !same_type(*left.element, *right.element)) {
        error(operation.op_range,
              "Only arrays of same sized integer support comparison operators.");
      }
      return result;
    case TypeKind::Tuple:
    case TypeKind::Record:
      if (!promote(left, right)) return mismatch(operation);
      return result;
    case TypeKind::KernelSymbol:
    case TypeKind::UserSymbol:
    case TypeKind::Inet:
    case TypeKind::MacAddress:
    case TypeKind::KernelStack:
    case TypeKind::UserStack:
    case TypeKind::Username:
      if (!same_type(left, right)) return mismatch(operation);
      return result;
    default: return mismatch(operation);
  }
}

}  // namespace gimlet::ast::sema
