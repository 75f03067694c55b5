#include "frontend/macro_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "ast/names.h"
#include "ast/walk.h"

namespace gimlet::frontend {

using namespace ast;
namespace {

using Kind = MacroParameter::Kind;

const MacroParameter* find_parameter(const Macro& macro, const std::string& name) {
  auto it = std::ranges::find(macro.parameters, name, &MacroParameter::name);
  return it == macro.parameters.end() ? nullptr : &*it;
}

void check_parameters(const Macro& macro, base::Diagnostics& diagnostics) {
  constexpr const char* kNames[] = {"Ident", "Variable", "Map"};
  std::set<std::string> seen;
  for (const MacroParameter& parameter : macro.parameters) {
    if (is_parser_builtin(parameter.name)) {
      diagnostics.error(
          parameter.range,
          fmt::format("builtin '{}' can't be used as a macro argument", parameter.name));
    }
    if (seen.insert(parameter.name).second) continue;
    diagnostics.error(parameter.range,
                      fmt::format("{} for macro argument has already been used: {}",
                                  kNames[static_cast<int>(parameter.kind)], parameter.name));
  }
}

// Statements of a macro's body that reach out of it.
class BodyCheck {
 public:
  BodyCheck(const Macro& macro, base::Diagnostics& diagnostics)
      : macro_(macro), diagnostics_(diagnostics) {}

  void block(const Block& block, bool in_loop) {
    for (const StmtPtr& statement : block.statements) check(*statement, in_loop);
    if (block.value) expression(*block.value, in_loop);
  }

 private:
  void check(const Stmt& statement, bool in_loop) {
    std::visit([&](const auto& node) { visit(statement, node, in_loop); }, statement.node);
  }
  void jump(const Stmt& statement, const char* word, bool in_loop) {
    if (in_loop) return;
    diagnostics_.error(statement.range,
                       fmt::format("'{}' statement is not allowed in a macro", word));
  }
  void visit(const Stmt& statement, const Jump& node, bool in_loop) {
    jump(statement, node.kind == JumpKind::Break ? "break" : "continue", in_loop);
  }
  void visit(const Stmt& statement, const Return&, bool in_loop) {
    jump(statement, "return", in_loop);
  }
  void visit(const Stmt&, const While& node, bool) { block(node.body, true); }
  void visit(const Stmt&, const For& node, bool) { block(node.body, true); }
  void visit(const Stmt&, const Unroll& node, bool in_loop) { block(node.body, in_loop); }
  void visit(const Stmt&, const ExpressionStatement& node, bool in_loop) {
    expression(*node.expression, in_loop);
  }
  void visit(const Stmt&, const Let& node, bool) {
    const auto& variable = std::get<Variable>(node.variable->node);
    if (!find_parameter(macro_, variable.name)) return;
    diagnostics_.error(node.variable->range,
                       fmt::format("Variable declaration shadows macro arg {}", variable.name));
  }
  template <typename Node>
  void visit(const Stmt&, const Node&, bool) {}

  // Only blocks hold statements.
  void expression(const Expr& expr, bool in_loop) {
    if (auto* scope = std::get_if<BlockExpr>(&expr.node)) block(scope->block, in_loop);
    if (auto* choice = std::get_if<If>(&expr.node)) {
      block(choice->then, in_loop);
      if (choice->otherwise) block(*choice->otherwise, in_loop);
    }
  }

  const Macro& macro_;
  base::Diagnostics& diagnostics_;
};

void check_body(const Macro& macro, base::Diagnostics& diagnostics) {
  for_each_expression(macro.body, [&](const Expr& expr) {
    auto* access = std::get_if<MapAccess>(&expr.node);
    if (!access || find_parameter(macro, access->name)) return;
    diagnostics.error(
        access->name_range,
        fmt::format("Unhygienic access to map: {}. Maps must be passed into the macro "
                    "as arguments.",
                    access->name));
  });
  BodyCheck(macro, diagnostics).block(macro.body, false);
}

// Whether every call that `later` matches already means `earlier`.
bool covers(const Macro& earlier, const Macro& later) {
  if (earlier.parameters.size() != later.parameters.size()) return false;
  for (size_t i = 0; i < earlier.parameters.size(); i++) {
    Kind kind = earlier.parameters[i].kind;
    if (kind != Kind::Expression && kind != later.parameters[i].kind) return false;
  }
  return true;
}

}  // namespace

MacroTable::MacroTable(const Program& program, MacroSource& others)
    : program_(program), others_(others) {
  for (const Macro& macro : program.macros) by_name_[macro.name].push_back(&macro);
}

void MacroTable::check_definitions(base::Diagnostics& diagnostics) const {
  for (const Macro& macro : program_.macros) {
    check_parameters(macro, diagnostics);
    check_body(macro, diagnostics);
    for (const Macro* earlier : by_name_.at(macro.name)) {
      if (earlier == &macro) break;
      if (!covers(*earlier, macro)) continue;
      diagnostics.error(macro.name_range, fmt::format("Redefinition of macro: {}", macro.name))
          .note(earlier->name_range, "The first definition is here");
      break;
    }
  }
}

std::vector<const Macro*> MacroTable::candidates(const std::string& name, bool from_library) const {
  std::vector<const Macro*> found;
  if (auto own = by_name_.find(name); own != by_name_.end() && !from_library) found = own->second;
  for (const Macro& macro : others_.library(name)) found.push_back(&macro);
  return found;
}

bool accepts(const MacroParameter& parameter, const Expr& argument) {
  auto* map = std::get_if<MapAccess>(&argument.node);
  switch (parameter.kind) {
    case Kind::Variable: return std::holds_alternative<Variable>(argument.node);
    case Kind::Map: return map && map->keys.empty();
    case Kind::Expression: return true;
  }
  return false;
}

bool matches(const Macro& macro, std::span<const ExprPtr> arguments) {
  if (macro.parameters.size() != arguments.size()) return false;
  for (size_t i = 0; i < arguments.size(); i++) {
    if (!accepts(macro.parameters[i], *arguments[i])) return false;
  }
  return true;
}

namespace {

const char* kind_of(const Expr& argument) {
  if (std::holds_alternative<Variable>(argument.node)) return "a variable";
  auto* map = std::get_if<MapAccess>(&argument.node);
  return map && map->keys.empty() ? "a map" : "an expression";
}

}  // namespace

std::string explain_mismatch(const std::string& name, const std::vector<const Macro*>& macros,
                             std::span<const ExprPtr> arguments) {
  for (const Macro* macro : macros) {
    if (macro->parameters.size() != arguments.size()) continue;
    for (size_t i = 0; i < arguments.size(); i++) {
      const MacroParameter& parameter = macro->parameters[i];
      if (accepts(parameter, *arguments[i])) continue;
      return fmt::format("Mismatched arg. {}() expects {} for arg {} but got {}.", name,
                         parameter.kind == Kind::Variable ? "a variable" : "a map", parameter.name,
                         kind_of(*arguments[i]));
    }
  }
  return fmt::format(
      "The closest definition of {}() has a different number of arguments. Expected: {} but got {}",
      name, macros[0]->parameters.size(), arguments.size());
}

namespace {

// Adds the variables that statements of a block assign to or declare.
class Assignments {
 public:
  explicit Assignments(std::set<std::string>& names) : names_(names) {}

  void block(const Block& block) {
    for (const StmtPtr& statement : block.statements) {
      std::visit([&](const auto& node) { visit(node); }, statement->node);
    }
  }

 private:
  void target(const ExprPtr& expr) {
    if (auto* variable = std::get_if<Variable>(&expr->node)) names_.insert(variable->name);
  }
  void visit(const Assignment& node) { target(node.target); }
  void visit(const Let& node) { target(node.variable); }
  void visit(const For& node) {
    target(node.variable);
    block(node.body);
  }
  void visit(const While& node) { block(node.body); }
  void visit(const Unroll& node) { block(node.body); }
  template <typename Node>
  void visit(const Node&) {}

  std::set<std::string>& names_;
};

}  // namespace

std::set<std::string> own_variables(const Macro& macro) {
  std::set<std::string> names;
  Assignments assignments(names);
  assignments.block(macro.body);
  for_each_expression(macro.body, [&](const Expr& expr) {
    const ExprPtr* changed = nullptr;
    if (auto* step = std::get_if<Step>(&expr.node)) changed = &step->operand;
    auto* unary = std::get_if<Unary>(&expr.node);
    if (unary && unary->op == UnaryOp::AddressOf) changed = &unary->operand;
    if (changed) {
      auto* variable = std::get_if<Variable>(&(*changed)->node);
      if (variable) names.insert(variable->name);
    }
    if (auto* scope = std::get_if<BlockExpr>(&expr.node)) assignments.block(scope->block);
    if (auto* choice = std::get_if<If>(&expr.node)) {
      assignments.block(choice->then);
      if (choice->otherwise) assignments.block(*choice->otherwise);
    }
  });
  for (const MacroParameter& parameter : macro.parameters) names.erase(parameter.name);
  return names;
}

}  // namespace gimlet::frontend
