// The macros of a program: what is wrong with their definitions, and which of them a call means.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "ast/node.h"
#include "base/diagnostics.h"
#include "frontend/expand_macros.h"

namespace gimlet::frontend {

class MacroTable {
 public:
  MacroTable(const ast::Program& program, MacroSource& others);

  void check_definitions(base::Diagnostics& diagnostics) const;

  // The definitions that a call of `name` may mean, best first. Code of the library sees only the
  // library.
  std::vector<const ast::Macro*> candidates(const std::string& name, bool from_library) const;

 private:
  const ast::Program& program_;
  MacroSource& others_;
  std::map<std::string, std::vector<const ast::Macro*>> by_name_;
};

bool accepts(const ast::MacroParameter& parameter, const ast::Expr& argument);
bool matches(const ast::Macro& macro, std::span<const ast::ExprPtr> arguments);
// Why the closest of several definitions does not match.
std::string explain_mismatch(const std::string& name, const std::vector<const ast::Macro*>& macros,
                             std::span<const ast::ExprPtr> arguments);

// Variables that the macro's body makes or changes: each expansion has its own.
std::set<std::string> own_variables(const ast::Macro& macro);

}  // namespace gimlet::frontend
