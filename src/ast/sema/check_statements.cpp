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

const Constant* Checker::constant_of(const Expr& expr) const {
  const auto& constant = info(expr).constant;
  return constant ? &*constant : nullptr;
}

bool Checker::check_stored(SourceRange range, const Constant* constant, const Type& type,
                           const Type& stored) {
  if (!type.is(TypeKind::Integer) || !stored.is(TypeKind::Integer)) return true;
  if (auto* number = constant ? std::get_if<IntegerConstant>(constant) : nullptr) {
    return !last_round() || in_range(*number, stored);
  }
  if (!constant && !integer_fits(type, stored)) warn_of_cast(range, type, stored);
  return true;
}

// `value` has been checked already.
void Checker::assign_variable(const Expr& target, const Variable& variable, const Expr& value) {
  Type type = as_operand(info(value).type);
  if (!find_variable(variable)) declare(variable, target.range);
  auto* use = std::get_if<BuiltinUse>(&info(value).use);
  if (use && use->id == BuiltinId::Args && type.size == 0) {
    error(value.range, "args as a whole is not supported yet: use one of its fields");
    type = none_type();
  }
  if (type.known() && !is_storable(type)) {
    error(value.range,
          fmt::format("Value '{}' cannot be assigned to a scratch variable.", type_name(type)));
    type = none_type();
  }
  if (holds_context(value)) contexts_.insert(find_variable(variable)->slot);
  store_variable(target, variable, type, value.range, constant_of(value));
}

void Checker::store_variable(const Expr& target, const Variable& variable, const Type& type,
                             SourceRange range, const Constant* constant) {
  Declared* declared = find_variable(variable);
  declared->assigned = true;
  Type& stored = variable_type(*declared);
  bool locked = probe_.variables[declared->slot].locked;
  bool fits = accept(*declared, type) && check_stored(range, constant, type, stored);
  if (!fits) {
    auto& report = refuse_value(range, variable.name, type, stored);
    if (locked) report.note(target.range, "this type has been locked by a compile-time condition");
  }
  if (last_round() && !type.known() && fits && facts_.error_count() == 0) {
    error(range, "Invalid expression for assignment");
  }
  probe_.expressions.set(target.id, {stored, {}, VariableUse{declared->slot}});
}

ExprInfo Checker::pointer_step(const Expr& target, const Type& pointer) {
  Type sized = sized_pointer(pointer);
  probe_.expressions[target.id].type = sized;
  return {sized, {}, {}};
}

// `x op= e` is `x = x op (e)`, and says what that would say.
void Checker::check_compound(const Stmt&, const Assignment& node) {
  Type right = check_value(*node.value);
  check_unevaluated_store(*node.target);
  auto* variable = std::get_if<Variable>(&node.target->node);
  Declared* declared = variable ? find_variable(*variable) : nullptr;
  // Before a first value it is 0; what was given a value of unknown type may become anything.
  const bool fresh = !variable || (declared && !declared->assigned);
  Type old = check(*node.target);
  if (variable && !declared) return;
  Type left = old.known() || !fresh ? as_operand(old) : literal_integer_type(0);
  SourceRange range = node.target->range;
  range.end = node.value->range.end;
  Operation operation{*node.op, range, range, *node.target, *node.value, left, right};
  if (folded(operation)) return;
  if (!left.known() || !right.known()) return;
  Type result = operate(operation).type;
  if (!result.known()) return;
  const bool moves = old.is(TypeKind::Pointer) && result.is(TypeKind::Pointer);
  if (variable) {
    if (!moves) return store_variable(*node.target, *variable, result, range, nullptr);
    declared->assigned = true;
  } else {
    const auto& access = std::get<MapAccess>(node.target->node);
    uint32_t map = facts_.map_number(access.name, access.name_range);
    note_update(map);
    if (!moves) {
      store_map(map, result, range, nullptr);
      probe_.expressions.set(node.target->id, {map_value(map), {}, MapUse{map}});
    }
  }
  if (moves) pointer_step(*node.target, old);
}

}  // namespace gimlet::ast::sema
