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

void Checker::check_block(const Block& block) {
  scopes_.emplace_back();
  bool ended = false;
  for (const StmtPtr& statement : block.statements) {
    if (ended) {
      warning(statement->range, "Unreachable statement.");
      ended = false;
    }
    ended = check_statement(*statement);
  }
  warn_unassigned();
  scopes_.pop_back();
}

bool Checker::check_statement(const Stmt& statement) {
  std::visit([&](const auto& node) { visit(statement, node); }, statement.node);
  if (std::holds_alternative<Return>(statement.node)) return true;
  auto* expression = std::get_if<ExpressionStatement>(&statement.node);
  if (!expression) return false;
  auto* call = std::get_if<Call>(&expression->expression->node);
  return call && call->name == "exit";
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

void Checker::visit(const Stmt&, const Scope& node) { check_block(node.block); }

void Checker::visit(const Stmt&, const If& node) {
  check_condition(*node.condition);
  check_block(node.then);
  if (node.otherwise) check_block(*node.otherwise);
}

void Checker::visit(const Stmt&, const Return& node) {
  if (!node.value) return;
  Type type = check_value(*node.value);
  if (type.known() && !type.is(TypeKind::Integer)) {
    error(node.value->range,
          fmt::format("Probe return values can only be integers. Found {}", type_name(type)));
  }
}

void Checker::check_condition(const Expr& condition) {
  Type type = check(condition);
  bool literal_text = type.is(TypeKind::String) && info(condition).constant;
  bool allowed = type.is(TypeKind::Integer) || type.is(TypeKind::Bool) || type.is(TypeKind::Enum) ||
                 type.is(TypeKind::Pointer) || literal_text;
  if (type.known() && !allowed) {
    error(condition.range, fmt::format("Invalid condition: {}", type_name(type)));
  }
}

// --- variables ---

Checker::Declared* Checker::find_variable(const std::string& name) {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    auto it = scope->find(name);
    if (it != scope->end()) return &it->second;
  }
  return nullptr;
}

Checker::Declared& Checker::declare(const std::string& name, SourceRange range) {
  Declared declared;
  declared.slot = next_variable_++;
  declared.range = range;
  if (declared.slot == probe_.variables.size()) probe_.variables.push_back({name, none_type()});
  return scopes_.back()[name] = declared;
}

void Checker::warn_unassigned() {
  for (const auto& [name, declared] : scopes_.back()) {
    if (!declared.assigned && !declared.used) {
      warning(declared.range, fmt::format("Variable {} was never assigned to.", name));
    }
  }
}

void Checker::visit(const Stmt&, const Let& node) {
  const auto& variable = std::get<Variable>(node.variable->node);
  // The initialiser does not see the new variable.
  if (node.value) check(*node.value);
  if (Declared* earlier = find_variable(variable.name)) {
    error(node.variable->range,
          fmt::format("Variable {} was already declared. Variable shadowing is not allowed.",
                      variable.name))
        .note(earlier->range, "This is the initial declaration.");
    return;
  }
  Declared& declared = declare(variable.name, node.variable->range);
  if (node.type) {
    Type type = resolve(*node.type);
    bool allowed = !type.is(TypeKind::Void) && !is_aggregate(type);
    if (type.known() && !allowed) {
      error(node.type->range,
            fmt::format("Invalid variable declaration type: {}", type_name(type)));
    }
    declared.typed = type.known() && allowed && type.size > 0;
    if (declared.typed) variable_type(declared) = type;
  }
  if (node.value) {
    assign_variable(*node.variable, variable, *node.value);
  } else {
    probe_.expressions.set(node.variable->id,
                           {variable_type(declared), {}, VariableUse{declared.slot}});
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

// `value` has been checked already.
void Checker::assign_variable(const Expr& target, const Variable& variable, const Expr& value) {
  Type type = as_operand(info(value).type);
  Declared* declared = find_variable(variable.name);
  if (!declared) declared = &declare(variable.name, target.range);
  declared->assigned = true;
  Type& stored = variable_type(*declared);
  if (type.known() && !is_storable(type)) {
    error(value.range,
          fmt::format("Value '{}' cannot be assigned to a scratch variable.", type_name(type)));
    type = none_type();
  }
  bool fits = true;
  if (declared->typed) {
    std::optional<Type> wider = promote(stored, type);
    fits = wider && (stored.is(TypeKind::Integer) || same_type(*wider, stored));
    auto* constant =
        info(value).constant ? std::get_if<IntegerConstant>(&*info(value).constant) : nullptr;
    if (fits && stored.is(TypeKind::Integer)) {
      if (constant) {
        fits = in_range(*constant, stored);
      } else if (type.is(TypeKind::Integer) && !integer_fits(type, stored)) {
        warning(value.range,
                fmt::format("Expression of type: {} being cast to type: {}. This may cause "
                            "unexpected results. Use an explicit cast to suppress this warning.",
                            type_name(type), type_name(stored)));
      }
    }
  } else {
    fits = facts_.widen(stored, type);
  }
  if (!fits) {
    error(value.range, fmt::format("Type mismatch for {}: trying to assign value of type '{}' when "
                                   "variable already has a type '{}'",
                                   variable.name, type_name(type), type_name(stored)));
  }
  if (last_round() && !type.known() && fits && facts_.error_count() == 0) {
    error(value.range, "Invalid expression for assignment");
  }
  probe_.expressions.set(target.id, {stored, {}, VariableUse{declared->slot}});
}

// `x op= e` is `x = x op e`: the operator is checked as a binary expression on the target's value.
void Checker::check_compound(const Stmt&, const Assignment& node) {
  Type right = check_value(*node.value);
  Type left = check(*node.target);
  if (auto* variable = std::get_if<Variable>(&node.target->node)) {
    Declared* declared = find_variable(variable->name);
    if (!declared) return;
    declared->assigned = true;
    Type& stored = variable_type(*declared);
    if (stored.is(TypeKind::Pointer)) return;
    if (!is_integer_like(right) || (left.known() && !is_integer_like(left))) {
      if (!right.known()) return;
      error(node.value->range,
            fmt::format("Type mismatch for {}: trying to assign value of type '{}' when "
                        "variable already has a type '{}'",
                        variable->name, type_name(right), type_name(stored)));
      return;
    }
    Type result = arithmetic_type(left, right, *node.op == BinaryOp::Subtract);
    if (!declared->typed) facts_.widen(stored, result);
    probe_.expressions.set(node.target->id, {stored, {}, VariableUse{declared->slot}});
    return;
  }
  const auto& access = std::get<MapAccess>(node.target->node);
  uint32_t map = facts_.map_number(access.name, access.name_range);
  note_update(map);
  MapFacts& map_facts = facts_.maps[map];
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
