// Blocks, branches, loops and jumps (language §13, §14.4).

#include <fmt/format.h>

#include <algorithm>

#include "ast/promote.h"
#include "ast/sema/checker.h"
#include "ast/sema/fold.h"

namespace gimlet::ast::sema {

Type Checker::check_block(const Block& block) {
  scopes_.emplace_back();
  bool ended = false;
  for (const StmtPtr& statement : block.statements) {
    if (ended) warning(statement->range, "Unreachable statement.");
    ended = check_statement(*statement);
  }
  Type type;
  if (block.value) {
    if (ended) {
      warning(block.value->range, "Unreachable expression; block type is implicitly none.");
    }
    type = is_assigned_aggregate(*block.value) ? check(*block.value) : check_result(*block.value);
    if (ended) type = none_type();
  }
  warn_unassigned();
  scopes_.pop_back();
  return type;
}

// Whether nothing behind a statement can run. exit() leaves the probe, but not from inside a macro.
bool Checker::ends(const Stmt& statement) const {
  if (std::holds_alternative<Return>(statement.node)) return true;
  if (std::holds_alternative<Jump>(statement.node)) return true;
  auto* expression = std::get_if<ExpressionStatement>(&statement.node);
  if (!expression) return false;
  const Expr& expr = *expression->expression;
  if (auto* call = std::get_if<Call>(&expr.node)) {
    return call->name == "exit" && expr.range.expansion == 0;
  }
  if (auto* scope = std::get_if<BlockExpr>(&expr.node)) return ends(scope->block);
  if (auto* choice = std::get_if<If>(&expr.node)) {
    auto* branch = probe_.expressions.find(expr.id);
    auto* taken = branch ? std::get_if<BranchUse>(&branch->use) : nullptr;
    if (taken) {
      return taken->then ? ends(choice->then) : choice->otherwise && ends(*choice->otherwise);
    }
    return ends(choice->then) && choice->otherwise && ends(*choice->otherwise);
  }
  return false;
}

bool Checker::ends(const Block& block) const {
  return !block.statements.empty() && !block.value && ends(*block.statements.back());
}

ExprInfo Checker::visit(const Expr&, const BlockExpr& node) {
  ExprInfo result;
  result.type = check_block(node.block);
  // A block that is nothing but a literal is one.
  if (node.block.statements.empty() && node.block.value) {
    result.constant = info(*node.block.value).constant;
  }
  return result;
}

ExprInfo Checker::visit(const Expr&, const Comptime& node) {
  Type type = check_value(*node.operand);
  const auto& constant = info(*node.operand).constant;
  if (!constant && last_round() && facts_.error_count() == 0) {
    error(node.operand->range, "Unable to resolve comptime expression");
  }
  return {type, constant, {}};
}

std::optional<bool> Checker::decide(const Expr& expr, const Expr& condition) {
  auto key = std::make_pair(probe_number_, expr.id);
  if (auto known = facts_.decisions.find(key); known != facts_.decisions.end()) {
    check(condition);
    return known->second;
  }
  bool locked_before = locking_;
  locking_ = locking_ || facts_.may_decide;
  check(condition);
  locking_ = locked_before;
  const auto& constant = info(condition).constant;
  facts_.undecided = true;
  if (!constant || !facts_.may_decide) return std::nullopt;
  facts_.decided = true;
  return facts_.decisions[key] = is_true(*constant);
}

// Nothing and void are compatible with everything: there is no value to be used then.
ExprInfo Checker::join_branches(const Expr& expr, const Type& left, const Type& right) {
  if (left.is(TypeKind::Void) && right.is(TypeKind::Void)) return {void_type(), {}, {}};
  if (left.is(TypeKind::Void) || right.is(TypeKind::Void)) return {};
  std::optional<Type> type = promote(left, right);
  if (!type) {
    error(expr.range,
          fmt::format("Branches must return the same type or compatible types: have '{}' and '{}'",
                      type_name(left), type_name(right)));
    return {};
  }
  return {*type, {}, {}};
}

ExprInfo Checker::visit(const Expr& expr, const If& node) {
  if (std::holds_alternative<Comptime>(node.condition->node)) {
    std::optional<bool> taken = decide(expr, *node.condition);
    if (!taken) return {};
    ExprInfo result;
    if (*taken) {
      result.type = check_block(node.then);
    } else if (node.otherwise) {
      result.type = check_block(*node.otherwise);
    }
    result.use = BranchUse{*taken};
    const Block* block = *taken ? &node.then : node.otherwise ? &*node.otherwise : nullptr;
    if (block && block->statements.empty() && block->value) {
      result.constant = info(*block->value).constant;
    }
    return result;
  }
  check_condition(*node.condition);
  Type left = check_block(node.then);
  if (!node.otherwise) return {};
  Type right = check_block(*node.otherwise);
  if (!node.then.value && !ends(node.then)) return {};
  if (!node.otherwise->value && !ends(*node.otherwise)) return {};
  ExprInfo result = join_branches(expr, left, right);
  const auto& condition = info(*node.condition).constant;
  bool bare = node.then.statements.empty() && node.otherwise->statements.empty();
  if (condition && bare && node.then.value && node.otherwise->value) {
    const auto& yes = info(*node.then.value).constant;
    const auto& no = info(*node.otherwise->value).constant;
    if (yes && no) result.constant = is_true(*condition) ? yes : no;
  }
  return result;
}

ExprInfo Checker::visit(const Expr& expr, const Ternary& ternary) {
  if (ternary.then && std::holds_alternative<Comptime>(ternary.condition->node)) {
    std::optional<bool> taken = decide(expr, *ternary.condition);
    if (!taken) return {};
    const Expr& value = *taken ? *ternary.then : *ternary.otherwise;
    Type type = check_result(value);
    return {type, info(value).constant, BranchUse{*taken}};
  }
  check_condition(*ternary.condition);
  Type left = ternary.then ? check_result(*ternary.then) : check_value(*ternary.condition);
  Type right = check_result(*ternary.otherwise);
  if (left.known() != right.known()) note_operand(expr, {});
  ExprInfo result = join_branches(expr, left, right);
  const auto& yes = info(ternary.then ? *ternary.then : *ternary.condition).constant;
  const auto& no = info(*ternary.otherwise).constant;
  const auto& condition = info(*ternary.condition).constant;
  if (condition && yes && no && result.type.known()) {
    result.constant = is_true(*condition) ? yes : no;
    result.type = constant_type(*result.constant);
  }
  return result;
}

// --- loops ---

void Checker::visit(const Stmt& statement, const While& node) {
  SourceRange keyword{statement.range.file, statement.range.begin, statement.range.begin + 5,
                      statement.range.expansion};
  warning(keyword, "While loops are deprecated and may be removed in the future.")
      .hint("use `for $i : START..END { ... }`");
  check_condition(*node.condition);
  loops_++;
  check_block(node.body);
  loops_--;
}

void Checker::visit(const Stmt&, const Unroll& node) {
  constexpr uint64_t kMost = 100;
  constexpr uint64_t kMostCopies = kMost * kMost;
  Type type = check_value(*node.count);
  const auto& constant = info(*node.count).constant;
  auto* number = constant ? std::get_if<IntegerConstant>(&*constant) : nullptr;
  if (!number) {
    if (type.known() || last_round()) error(node.count->range, "invalid unroll value");
  } else if (number->negative || number->bits < 1) {
    error(node.count->range, "unroll minimum value is 1");
  } else if (number->bits > kMost) {
    error(node.count->range, fmt::format("unroll maximum value is {}", kMost));
  }
  // Loops inside each other multiply.
  const uint64_t around = copies_;
  copies_ *= number ? std::clamp<uint64_t>(number->bits, 1, kMost) : 1;
  if (copies_ > kMostCopies) {
    error(node.count->range,
          fmt::format("unroll makes more than {} copies of this body in all", kMostCopies));
    copies_ = kMostCopies;
  }
  check_block(node.body);
  copies_ = around;
}

Type Checker::over_map(const For& node) {
  const auto& access = std::get<MapAccess>(node.map->node);
  uint32_t map = facts_.map_number(access.name, access.name_range);
  const MapFacts& facts = facts_.maps[map];
  probe_.expressions.set(node.map->id, {facts.value, {}, MapUse{map}});
  if (facts.shape_known && !facts.keyed) {
    error(node.map->range, fmt::format("{} has no explicit keys (scalar map), and cannot be used "
                                       "for iteration",
                                       access.name));
    return {};
  }
  if (!facts.key.known() || !facts.value.known()) {
    if (last_round() && facts_.error_count() == 0) {
      error(node.map->range, fmt::format("Undefined map: {}", access.name));
    }
    return {};
  }
  if (is_aggregate(facts.value) && !is_castable_aggregate(facts.value)) {
    error(node.map->range,
          fmt::format("Loop expression does not support type: {}", type_name(facts.value)));
    return {};
  }
  return tuple_type({facts.key, as_operand(facts.value)});
}

Type Checker::over_range(const For& node) {
  Type begin = check_value(*node.begin);
  Type end = check_value(*node.end);
  auto integer = [&](const Expr& expr, const Type& type, const char* which) {
    if (!type.known() || type.is(TypeKind::Integer) || type.is(TypeKind::Enum)) return true;
    error(expr.range, fmt::format("Loop range requires an integer for the {} value", which));
    return false;
  };
  bool good = integer(*node.begin, begin, "start");
  good = integer(*node.end, end, "end") && good;
  if (!good || !begin.known() || !end.known()) return {};
  return promote(as_integer(begin), as_integer(end)).value_or(integer_type(8, true));
}

void Checker::visit(const Stmt&, const For& node) {
  const auto& variable = std::get<Variable>(node.variable->node);
  Type type = node.map ? over_map(node) : over_range(node);
  if (Declared* earlier = find_variable(variable)) {
    error(node.variable->range,
          fmt::format("Loop declaration shadows existing variable: {}", variable.name))
        .note(earlier->range, "This is the initial declaration.");
  }
  loops_++;
  for_loops_++;
  scopes_.emplace_back();
  Declared& declared = declare(variable, node.variable->range);
  declared.assigned = declared.used = true;
  facts_.widen(variable_type(declared), type);
  probe_.expressions.set(node.variable->id,
                         {variable_type(declared), {}, VariableUse{declared.slot}});
  check_block(node.body);
  scopes_.pop_back();
  for_loops_--;
  loops_--;
}

void Checker::visit(const Stmt& statement, const Jump& node) {
  if (loops_ > 0) return;
  error(statement.range, fmt::format("'{}' statement is not allowed in a {}",
                                     node.kind == JumpKind::Break ? "break" : "continue",
                                     function_ ? "function" : "probe"));
}

void Checker::visit(const Stmt& statement, const Return& node) {
  bool has_value = node.value != nullptr;
  if (for_loops_ > 0) {
    if (returns_value_ && *returns_value_ != has_value) {
      error(statement.range, "Return value used in loop is inconsistent");
    }
    returns_value_ = has_value;
  }
  Type type = has_value ? check_value(*node.value) : void_type();
  if (function_) return check_function_return(statement, type);
  if (has_value && type.known() && !type.is(TypeKind::Integer)) {
    error(node.value->range,
          fmt::format("Probe return values can only be integers. Found {}", type_name(type)));
  }
}

// What it imports is part of the program already.
void Checker::visit(const Stmt& statement, const ImportStatement&) {
  if (facts_.options.config.unstable_import_statement != Unstable::Error) {
    check_unstable(kUnstableImportStatement, statement.range);
    return;
  }
  error(statement.range, "Import statements that are not at the top level are not allowed")
      .hint("write it before the probes");
}

bool Checker::check_outside_loop(SourceRange range, const std::string& name) {
  if (for_loops_ == 0) return true;
  std::string copied = name == "args" ? "args.FIELD" : name;
  error(range, fmt::format("'{}' builtin is not allowed in a for-loop", name))
      .hint(fmt::format("copy it to a variable before the loop: $x = {};", copied));
  return false;
}

}  // namespace gimlet::ast::sema
