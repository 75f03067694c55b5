#include "ast/sema/check_functions.h"

#include <fmt/format.h>

#include "ast/promote.h"
#include "ast/sema/checker.h"

namespace gimlet::ast::sema {

void Checker::check_function(const Function& function) {
  function_ = &function;
  scopes_.emplace_back();
  for (const FunctionParameter& parameter : function.parameters) {
    if (find_variable({parameter.name, 0})) {
      error(parameter.range,
            fmt::format("Function {} has another parameter {}", function.name, parameter.name));
      continue;
    }
    Declared& declared = declare({parameter.name, 0}, parameter.range);
    declared.assigned = declared.used = declared.typed = true;
    variable_type(declared) = resolve(parameter.type);
  }
  Type result = resolve(function.result);
  check_block(function.body);
  if (result.known() && !result.is(TypeKind::Void) && !ends(function.body)) {
    error(function.name_range,
          fmt::format("Not all code paths of function '{}' return a value", function.name));
  }
  scopes_.pop_back();
}

void Checker::check_function_return(const Stmt& statement, const Type& type) {
  Type wanted = resolve(function_->result);
  if (!type.known() || !wanted.known()) return;
  std::optional<Type> both = promote(wanted, type);
  bool fits = both && (wanted.is(TypeKind::Integer) || same_type(*both, wanted));
  if (fits) return;
  error(statement.range, fmt::format("Function {} is of type {}, cannot return {}", function_->name,
                                     type_name(wanted), type_name(type)));
}

namespace {

void check_names(ProgramFacts& facts) {
  std::map<std::string, const Function*> seen;
  for (const Function& function : facts.program.functions) {
    auto [earlier, first] = seen.emplace(function.name, &function);
    if (first) continue;
    facts.reporter
        .error(function.name_range, fmt::format("Redefinition of function: {}", function.name))
        .note(earlier->second->name_range, "The first definition is here");
  }
}

}  // namespace

// Each function is checked as if it were the body of a `begin`, which offers no context.
void check_functions(ProgramFacts& facts) {
  check_names(facts);
  for (const Function& function : facts.program.functions) {
    TypedProbe body;
    body.provider = ProviderId::Begin;
    facts.result.probes.push_back(std::move(body));
    size_t number = facts.result.probes.size() - 1;
    bool last = facts.last_round;
    facts.last_round = false;
    base::Diagnostics* sink = facts.reporter.sink();
    facts.reporter.set_sink(nullptr);
    do {
      facts.changed = false;
      Checker(facts, number).check_function(function);
    } while (facts.changed);
    facts.reporter.set_sink(sink);
    facts.last_round = last;
    Checker(facts, number).check_function(function);
    facts.result.probes.pop_back();
  }
}

}  // namespace gimlet::ast::sema
