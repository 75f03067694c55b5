// Literals, names and operators of one operand (language §4, §6, §9).

#include <fmt/format.h>

#include "ast/promote.h"
#include "ast/sema/builtin_types.h"
#include "ast/sema/checker.h"
#include "ast/sema/fold.h"
#include "base/integer.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {

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

}  // namespace gimlet::ast::sema
