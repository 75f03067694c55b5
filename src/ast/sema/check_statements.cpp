// Statements, and the scopes of scratch variables (language §10, §13).

#include <fmt/format.h>

#include "ast/promote.h"
#include "ast/sema/checker.h"
#include "ast/sema/fold.h"

namespace gimlet::ast::sema {

Checker::Checker(ProgramFacts& facts, size_t probe_number)
    : facts_(facts), probe_(facts.result.probes[probe_number]), probe_number_(probe_number) {}

const ExprInfo& Checker::info(const Expr& expr) const { return probe_.expressions.at(expr.id); }

base::Diagnostic& Checker::error(SourceRange range, std::string message) {
  return facts_.reporter.error(range, std::move(message));
}

base::Diagnostic& Checker::warning(SourceRange range, std::string message) {
  return facts_.reporter.warning(range, std::move(message));
}

void Checker::check_probe() {
  if (probe_.source->predicate) check_condition(*probe_.source->predicate);
  check_block(probe_.source->body);
}

bool Checker::check_statement(const Stmt& statement) {
  std::visit([&](const auto& node) { visit(statement, node); }, statement.node);
  return ends(statement);
}

void Checker::visit(const Stmt& statement, const ExpressionStatement& node) {
  const Expr& expr = *node.expression;
  Type type = check(expr);
  if (std::holds_alternative<Step>(expr.node)) return;
  auto* call = std::get_if<Call>(&expr.node);
  if (call && call->name == "delete") return;
  if (type.known() && !type.is(TypeKind::Void)) {
    warning(statement.range, "Return value discarded.");
  }
}

void Checker::visit(const Stmt&, const Discard& node) { check(*node.value); }

void Checker::check_condition(const Expr& condition) {
  Type type = check(condition);
  note_operand(condition, type);
  const auto& constant = info(condition).constant;
  bool literal_text = constant && std::holds_alternative<std::string>(*constant);
  bool allowed = type.is(TypeKind::Integer) || type.is(TypeKind::Bool) || type.is(TypeKind::Enum) ||
                 type.is(TypeKind::Pointer) || literal_text;
  if (type.known() && !allowed) {
    error(condition.range, fmt::format("Invalid condition: {}", type_name(type)));
  }
}

// --- variables ---

Checker::Declared* Checker::find_variable(const Variable& variable) {
  VariableKey key{variable.name, variable.owner};
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    auto it = scope->find(key);
    if (it == scope->end()) continue;
    VariableInfo& found = probe_.variables[it->second.slot];
    found.captured = found.captured || found.loop < for_loops_;
    return &it->second;
  }
  return nullptr;
}

Checker::Declared& Checker::declare(const Variable& variable, SourceRange range) {
  Declared declared;
  declared.slot = next_variable_++;
  declared.range = range;
  if (declared.slot == probe_.variables.size()) {
    VariableInfo fresh;
    fresh.name = variable.name;
    fresh.loop = for_loops_;
    probe_.variables.push_back(std::move(fresh));
  }
  return scopes_.back()[{variable.name, variable.owner}] = declared;
}

bool Checker::assign_declared(const Expr& target, const Type& value) {
  auto* variable = std::get_if<Variable>(&target.node);
  Declared* declared = variable ? find_variable(*variable) : nullptr;
  if (!declared) return false;
  declared->assigned = true;
  const Type& stored = variable_type(*declared);
  if (!accept(*declared, value)) {
    refuse_value(target.range, variable->name, value, stored);
  } else if (value.is(TypeKind::Integer) && !integer_fits(value, stored)) {
    warn_of_cast(target.range, value, stored);
  }
  return true;
}

bool Checker::accept(const Declared& declared, const Type& type) {
  Type& stored = variable_type(declared);
  if (declared.typed || probe_.variables[declared.slot].locked) {
    std::optional<Type> wider = promote(stored, type);
    bool casts = declared.typed && stored.is(TypeKind::Integer);
    if (!wider || !(casts || same_type(*wider, stored))) return false;
  } else if (!facts_.widen(stored, type)) {
    return false;
  }
  if (stored.is(TypeKind::Pointer) && stored.space == AddressSpace::None &&
      type.space != AddressSpace::None) {
    stored.space = type.space;
    facts_.changed = true;
  }
  return true;
}

base::Diagnostic& Checker::refuse_value(SourceRange range, const std::string& name,
                                        const Type& type, const Type& stored) {
  return error(range, fmt::format("Type mismatch for {}: trying to assign value of type '{}' when "
                                  "variable already has a type '{}'",
                                  name, type_name(type), type_name(stored)));
}

void Checker::warn_unassigned() {
  for (const auto& [key, declared] : scopes_.back()) {
    if (!declared.assigned && !declared.used) {
      warning(declared.range, fmt::format("Variable {} was never assigned to.", key.first));
    }
  }
}

void Checker::visit(const Stmt&, const Let& node) {
  const auto& variable = std::get<Variable>(node.variable->node);
  // The initialiser does not see the new variable.
  if (node.value) check(*node.value);
  if (Declared* earlier = find_variable(variable)) {
    error(node.variable->range,
          fmt::format("Variable {} was already declared. Variable shadowing is not allowed.",
                      variable.name))
        .note(earlier->range, earlier->by_let ? "This is the initial declaration."
                                              : "This is the initial assignment.");
    return;
  }
  Declared& declared = declare(variable, node.variable->range);
  declared.by_let = true;
  if (node.type) declare_type(declared, *node.type);
  if (node.value) {
    assign_variable(*node.variable, variable, *node.value);
  } else {
    probe_.expressions.set(node.variable->id,
                           {variable_type(declared), {}, VariableUse{declared.slot}});
  }
}

void Checker::declare_type(Declared& declared, const TypeSpec& spec) {
  Type type = resolve(spec);
  if (!type.known()) {
    bool waits = spec.of && !facts_.reporter.active();
    if (!waits && last_round() && facts_.error_count() == 0) {
      error(spec.range, "Type cannot be resolved: still none");
    }
    return;
  }
  bool allowed = !type.is(TypeKind::Void) && !is_aggregate(type);
  if (!allowed) {
    error(spec.range, fmt::format("Invalid variable declaration type: {}", type_name(type)));
    return;
  }
  // `string` and `buffer` without a size still grow.
  declared.grows = same_type(type, string_type(0)) || same_type(type, buffer_type(0));
  declared.typed = !declared.grows;
  Type& stored = variable_type(declared);
  if (declared.typed) {
    // Where it points to is known only from what is assigned.
    if (type.is(TypeKind::Pointer)) type.space = stored.space;
    if (!same_type(stored, type)) facts_.changed = true;
    stored = type;
  } else {
    facts_.widen(stored, type.is(TypeKind::String) ? string_type(1) : type);
  }
}

void Checker::visit(const Stmt& statement, const Assignment& node) {
  if (node.op) return check_compound(statement, node);
  if (auto* variable = std::get_if<Variable>(&node.target->node)) {
    check(*node.value);
    assign_variable(*node.target, *variable, *node.value);
  } else {
    assign_map(*node.target, std::get<MapAccess>(node.target->node), *node.value);
  }
}

namespace {

bool is_storable(const Type& type) {
  return !type.is(TypeKind::Void) && (!is_aggregate(type) || is_castable_aggregate(type));
}

}  // namespace

void Checker::warn_implicit_cast(const Expr& expr, const Type& from, const Type& to) {
  if (!from.is(TypeKind::Integer) || !to.is(TypeKind::Integer)) return;
  if (info(expr).constant || integer_fits(from, to)) return;
  warn_of_cast(expr.range, from, to);
}

void Checker::warn_of_cast(SourceRange range, const Type& from, const Type& to) {
  warning(range, fmt::format("Expression of type: {} being cast to type: {}. This may cause "
                             "unexpected results. Use an explicit cast to suppress this "
                             "warning.",
                             type_name(from), type_name(to)));
}

bool Checker::check_stored(const Expr& value, const Type& type, const Type& stored) {
  if (!type.is(TypeKind::Integer) || !stored.is(TypeKind::Integer)) return true;
  const auto& constant = info(value).constant;
  if (auto* number = constant ? std::get_if<IntegerConstant>(&*constant) : nullptr) {
    return !last_round() || in_range(*number, stored);
  }
  warn_implicit_cast(value, type, stored);
  return true;
}

// `value` has been checked already.
void Checker::assign_variable(const Expr& target, const Variable& variable, const Expr& value) {
  Type type = as_operand(info(value).type);
  Declared* declared = find_variable(variable);
  if (!declared) declared = &declare(variable, target.range);
  declared->assigned = true;
  Type& stored = variable_type(*declared);
  if (type.known() && !is_storable(type)) {
    error(value.range,
          fmt::format("Value '{}' cannot be assigned to a scratch variable.", type_name(type)));
    type = none_type();
  }
  bool locked = probe_.variables[declared->slot].locked;
  bool fits = accept(*declared, type) && check_stored(value, type, stored);
  if (!fits) {
    auto& report = refuse_value(value.range, variable.name, type, stored);
    if (locked) report.note(target.range, "this type has been locked by a compile-time condition");
  }
  if (last_round() && !type.known() && fits && facts_.error_count() == 0) {
    error(value.range, "Invalid expression for assignment");
  }
  probe_.expressions.set(target.id, {stored, {}, VariableUse{declared->slot}});
}

ExprInfo Checker::pointer_step(const Expr& target, const Type& pointer) {
  Type sized = sized_pointer(pointer);
  probe_.expressions[target.id].type = sized;
  return {sized, {}, {}};
}

// A pointer can be moved, by a number of elements.
void Checker::check_pointer_step(const Stmt& statement, const Assignment& node, const Type& pointer,
                                 const Type& right) {
  bool moves = node.op == BinaryOp::Add || node.op == BinaryOp::Subtract;
  if (!right.known()) return;
  if (moves && is_integer_like(right)) {
    pointer_step(*node.target, pointer);
    return;
  }
  error(statement.range,
        fmt::format("The {} operator can not be used on expressions of types {}, {}",
                    spelling(*node.op), type_name(pointer), type_name(right)));
}

// `x op= e` is `x = x op e`: the operator is checked as a binary expression on the target's value.
void Checker::check_compound(const Stmt& statement, const Assignment& node) {
  Type right = check_value(*node.value);
  bool division = node.op == BinaryOp::Divide || node.op == BinaryOp::Modulo;
  const auto& constant = info(*node.value).constant;
  auto* literal = constant ? std::get_if<IntegerConstant>(&*constant) : nullptr;
  if (division && literal && literal->bits == 0) {
    error(statement.range, "unable to fold literals due to overflow or underflow");
    return;
  }
  check_unevaluated_store(*node.target);
  Type left = check(*node.target);
  if (auto* variable = std::get_if<Variable>(&node.target->node)) {
    Declared* declared = find_variable(*variable);
    if (!declared) return;
    declared->assigned = true;
    Type& stored = variable_type(*declared);
    if (stored.is(TypeKind::Pointer)) return check_pointer_step(statement, node, stored, right);
    if (!is_integer_like(right) || (left.known() && !is_integer_like(left))) {
      if (!right.known()) return;
      refuse_value(node.value->range, variable->name, right, stored);
      return;
    }
    bool flags = left.is(TypeKind::Bool) && right.is(TypeKind::Bool);
    Type result = arithmetic_type(left, right, *node.op == BinaryOp::Subtract);
    if (flags) result = bool_type();
    bool fits =
        declared->typed ? promote(stored, result).has_value() : facts_.widen(stored, result);
    if (!fits) refuse_value(node.value->range, variable->name, result, stored);
    probe_.expressions.set(node.target->id, {stored, {}, VariableUse{declared->slot}});
    return;
  }
  const auto& access = std::get<MapAccess>(node.target->node);
  uint32_t map = facts_.map_number(access.name, access.name_range);
  note_update(map);
  MapFacts& map_facts = facts_.maps[map];
  if (map_facts.value.is(TypeKind::Pointer)) {
    return check_pointer_step(statement, node, map_facts.value, right);
  }
  if (map_facts.value.is(TypeKind::Bool) && right.is(TypeKind::Bool)) return;
  bool number = !map_facts.value.known() || map_facts.value.is(TypeKind::Integer) ||
                map_facts.value.is(TypeKind::Enum);
  if (!number || (right.known() && !is_integer_like(right))) {
    error(node.value->range,
          fmt::format("Type mismatch for {}: trying to assign value of type '{}' when map already "
                      "has a type '{}'",
                      access.name, type_name(right), type_name(map_facts.value)));
    return;
  }
  Type old = map_facts.value.known() ? map_facts.value : literal_integer_type(0);
  if (!right.known()) return;
  facts_.widen(map_facts.value, arithmetic_type(old, right, *node.op == BinaryOp::Subtract));
  probe_.expressions.set(node.target->id, {map_facts.value, {}, MapUse{map}});
}

}  // namespace gimlet::ast::sema
