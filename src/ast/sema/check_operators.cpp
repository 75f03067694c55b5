// Literals, names and operators (language §4, §6, §9).

#include <fmt/format.h>

#include "ast/promote.h"
#include "ast/sema/builtin_types.h"
#include "ast/sema/checker.h"
#include "ast/sema/fold.h"
#include "base/integer.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

ExprInfo constant_info(Constant constant) {
  ExprInfo info;
  info.type = constant_type(constant);
  info.constant = std::move(constant);
  return info;
}

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

Type Checker::check(const Expr& expr) {
  ExprInfo result = std::visit([&](const auto& node) { return visit(expr, node); }, expr.node);
  Type type = result.type;
  probe_.expressions.set(expr.id, std::move(result));
  return type;
}

Type Checker::check_result(const Expr& expr) {
  Type type = as_operand(check(expr));
  probe_.expressions[expr.id].type = type;
  return type;
}

Type Checker::check_value(const Expr& expr) {
  Type type = check_result(expr);
  note_operand(expr, type);
  return type;
}

void Checker::note_operand(const Expr& expr, const Type& type) {
  bool valueless = !type.known() || type.is(TypeKind::Void);
  if (valueless && last_round() && !facts_.valueless) facts_.valueless = expr.range;
}

ExprInfo Checker::visit(const Expr&, const IntegerLiteral& literal) {
  return constant_info(IntegerConstant{literal.value, false});
}

ExprInfo Checker::visit(const Expr& expr, const StringLiteral& literal) {
  check_text_length(*this, expr.range, literal.value);
  return constant_info(literal.value);
}

ExprInfo Checker::visit(const Expr&, const BoolLiteral& literal) {
  return constant_info(literal.value);
}

ExprInfo Checker::visit(const Expr& expr, const PositionalParameter& parameter) {
  const auto& words = facts_.options.positional;
  const std::string word = parameter.index <= words.size() ? words[parameter.index - 1] : "";
  if (word.empty()) {
    warning(expr.range,
            fmt::format("Positional parameter ${} is empty or not provided.", parameter.index));
    return constant_info(IntegerConstant{0, false});
  }
  bool negative = word[0] == '-';
  auto number = base::parse_integer(std::string_view(word).substr(negative ? 1 : 0),
                                    base::IntegerForms::CommandWord);
  if (auto* value = std::get_if<uint64_t>(&number)) {
    if (!negative) return constant_info(IntegerConstant{*value, false});
    auto minus = fold_unary(UnaryOp::Negate, IntegerConstant{*value, false});
    if (minus && !minus->error) return constant_info(minus->value);
  }
  check_text_length(*this, expr.range, word);
  return constant_info(word);
}

ExprInfo Checker::visit(const Expr&, const ParameterCount&) {
  return constant_info(IntegerConstant{facts_.options.positional.size(), false});
}

ExprInfo Checker::visit(const Expr& expr, const Variable& variable) {
  Declared* declared = find_variable(variable);
  if (!declared) {
    std::vector<std::string> names;
    for (const auto& scope : scopes_) {
      for (const auto& [key, unused] : scope) names.push_back(key.first);
    }
    auto& report =
        error(expr.range, fmt::format("Undefined or undeclared variable: {}", variable.name));
    if (auto near = base::nearest(variable.name, names)) {
      report.hint(fmt::format("Did you mean {}?", *near));
    }
    return {};
  }
  VariableInfo& stored = probe_.variables[declared->slot];
  if (unevaluated_ > 0) {
    stored.locked = stored.locked || (locking_ && stored.type.known());
  } else {
    declared->used = true;
    if (!declared->assigned) {
      warning(expr.range, fmt::format("Variable used before it was assigned: {}", variable.name));
    }
  }
  if (last_round() && !stored.type.known() && facts_.error_count() == 0) {
    error(expr.range, "Could not resolve the type of this variable");
  }
  return {stored.type, {}, VariableUse{declared->slot}};
}

// `&$x` counts as an assignment: who gets the address may write to it.
ExprInfo Checker::address_of(const Expr& expr, const Expr& operand) {
  if (auto* access = std::get_if<MapAccess>(&operand.node)) {
    if (!access->keys.empty()) {
      error(expr.range, "address-of operator (&) can only be used on a map or variable");
      return {};
    }
    uint32_t map = facts_.map_number(access->name, access->name_range);
    probe_.expressions.set(operand.id, {map_value(map), {}, MapUse{map}});
    return {pointer_to(void_type(), AddressSpace::Kernel), {}, {}};
  }
  const auto& variable = std::get<Variable>(operand.node);
  if (Declared* declared = find_variable(variable)) declared->assigned = true;
  Declared* declared = find_variable(variable);
  Type type = declared ? variable_type(*declared) : none_type();
  if (!declared || type.known()) type = check(operand);
  if (declared && !type.known()) {
    if (last_round() && facts_.error_count() == 0) {
      error(expr.range, fmt::format("No type available for variable {}", variable.name));
    }
    return {};
  }
  return {pointer_to(type, AddressSpace::Kernel), {}, {}};
}

ExprInfo Checker::visit(const Expr& expr, const Unary& unary) {
  if (unary.op == UnaryOp::AddressOf) return address_of(expr, *unary.operand);
  Type type = check_value(*unary.operand);
  if (!type.known()) return {};
  if (const auto& constant = info(*unary.operand).constant) {
    if (auto result = fold_unary(unary.op, *constant)) {
      if (!result->error) return constant_info(result->value);
      error(expr.range, result->error);
      return {};
    }
  }
  bool integer = type.is(TypeKind::Integer) || type.is(TypeKind::Enum);
  switch (unary.op) {
    case UnaryOp::LogicalNot:
      if (integer || type.is(TypeKind::Bool)) return {bool_type(), {}, {}};
      break;
    case UnaryOp::BitNot:
    case UnaryOp::Negate:
      if (integer) return {integer_type(8, type.is_signed), {}, {}};
      break;
    case UnaryOp::Dereference: {
      auto* use = std::get_if<BuiltinUse>(&info(*unary.operand).use);
      if (use && use->id == BuiltinId::Args) return info(*unary.operand);
      if (type.is(TypeKind::Integer) || type.is(TypeKind::Pointer)) note_read(type, expr.range);
      if (type.is(TypeKind::Integer)) {
        Type result = integer_type(8, false);
        result.space = type.space;
        return {result, {}, {}};
      }
      if (!type.is(TypeKind::Pointer) || type.element->is(TypeKind::Void)) break;
      Type result = *type.element;
      if (const StructLayout* layout = layout_of(result)) result.size = layout->size;
      if (result.space != AddressSpace::User) result.space = type.space;
      return {result, {}, {}};
    }
    case UnaryOp::AddressOf: break;
  }
  error(expr.range, fmt::format("The {} operator can not be used on expressions of type '{}'",
                                spelling(unary.op), type_name(type)));
  return {};
}

ExprInfo Checker::visit(const Expr& expr, const Step& step) {
  bool decrement = step.op == StepOp::PreDecrement || step.op == StepOp::PostDecrement;
  auto stepped = [&](const Type& old) {
    bool is_signed = !old.known() || as_integer(old).is_signed || decrement;
    return integer_type(8, is_signed);
  };
  if (auto* variable = std::get_if<Variable>(&step.operand->node)) {
    Declared* declared = find_variable(*variable);
    // Nothing else has said what a new variable is: it counts.
    if (declared && !declared->assigned && !declared->typed) {
      Type& fresh = variable_type(*declared);
      if (!fresh.known()) facts_.widen(fresh, stepped(fresh));
    }
    Type type = check(*step.operand);
    if (!declared) return {};
    declared->assigned = true;
    Type& stored = variable_type(*declared);
    if (type.is(TypeKind::Pointer)) return pointer_step(*step.operand, type);
    if (type.is(TypeKind::Integer) || type.is(TypeKind::Enum)) {
      if (!declared->typed) facts_.widen(stored, stepped(stored));
      probe_.expressions[step.operand->id].type = stored;
      return {stored, {}, {}};
    }
    if (!type.known()) return {};
  } else if (auto* access = std::get_if<MapAccess>(&step.operand->node)) {
    check_unevaluated_store(*step.operand);
    check(*step.operand);
    uint32_t map = facts_.map_number(access->name, access->name_range);
    note_update(map);
    MapFacts& map_facts = facts_.maps[map];
    if (map_facts.value.is(TypeKind::Pointer)) {
      return pointer_step(*step.operand, map_facts.value);
    }
    if (!map_facts.value.known() || map_facts.value.is(TypeKind::Integer) ||
        map_facts.value.is(TypeKind::Enum)) {
      facts_.widen(map_facts.value, stepped(map_facts.value));
      probe_.expressions[step.operand->id].type = map_facts.value;
      return {map_facts.value, {}, {}};
    }
  } else {
    check(*step.operand);
    // The text of a macro is right by itself; what it is used with is not.
    error(expr.range, expr.range.expansion == 0
                          ? "syntax: increment/decrement requires a variable or map"
                          : fmt::format("The {} operator must be applied to a map or variable",
                                        decrement ? "--" : "++"));
    return {};
  }
  error(expr.range, fmt::format("The {} operator can not be used on expressions of type '{}'",
                                decrement ? "--" : "++", type_name(info(*step.operand).type)));
  return {};
}

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
