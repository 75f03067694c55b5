#include "ast/sema/analyze.h"

#include "ast/sema/check_call_sites.h"
#include "ast/sema/check_functions.h"
#include "ast/sema/checker.h"
#include "ast/sema/expand.h"
#include "ast/sema/facts.h"
#include "ast/sema/plan_maps.h"

namespace gimlet::ast::sema {
namespace {

void check_round(ProgramFacts& facts) {
  for (size_t i = 0; i < facts.result.probes.size(); i++) Checker(facts, i).check_probe();
}

constexpr int kMaxRounds = 50;

// Rounds over all probes until no type widens any more; then compile-time conditions that waited
// for the types are decided, which brings new code into the next rounds. False if there is no end.
bool infer_types(ProgramFacts& facts) {
  for (int round = 0; round < kMaxRounds; round++) {
    facts.changed = facts.decided = facts.undecided = false;
    check_round(facts);
    if (facts.changed || facts.decided) {
      facts.may_decide = false;
    } else if (facts.undecided && !facts.may_decide) {
      facts.may_decide = true;
    } else if (!settle_open_maps(facts)) {
      return true;
    }
  }
  return false;
}

void keep_map_layouts(ProgramFacts& facts) {
  if (facts.result.probes.empty()) return;
  Checker checker(facts, 0);
  for (const MapFacts& map : facts.maps) {
    checker.keep_layouts(map.key);
    checker.keep_layouts(map.value);
    checker.check_depth(map.key, map.first_use);
    checker.check_depth(map.value, map.first_use);
  }
}

}  // namespace

std::optional<TypedProgram> analyze(const Program& program, kernel::Kernel& kernel,
                                    TypeScope& types, const Environment& environment,
                                    const Options& options, base::Diagnostics& diagnostics) {
  ProgramFacts facts{program, kernel, types, environment, options, Reporter(&diagnostics),
                     {},      {},     {}};
  facts.result.program = &program;
  facts.result.config = options.config;
  facts.result.external = options.external;
  facts.result.child_pid = options.child_pid;
  facts.result.target_pid = options.target_pid;
  facts.result.pid_namespace_device = options.pid_namespace_device;
  facts.result.pid_namespace_inode = options.pid_namespace_inode;

  // Attach points become targets, and probes become programs-to-be.
  expand_probes(facts);
  if (options.only_probes) {
    if (diagnostics.has_errors()) return std::nullopt;
    return std::move(facts.result);
  }

  // Types of expressions, variables and maps, found quietly.
  facts.reporter.set_sink(nullptr);
  if (!infer_types(facts)) {
    diagnostics.add({base::Severity::Error,
                     std::nullopt,
                     "Type resolution exceeded maximum iterations",
                     {},
                     {}});
    return std::nullopt;
  }

  // The same walk once more, with all types known: mistakes are reported, events planned.
  facts.reporter.set_sink(&diagnostics);
  facts.last_round = true;
  check_round(facts);

  check_functions(facts);
  check_call_sites(facts);
  if (facts.valueless && !diagnostics.has_errors()) {
    diagnostics.error(*facts.valueless, "An expression without a value is used as one");
  }

  // Storage of maps; what user space needs to show their contents.
  plan_maps(facts);
  keep_map_layouts(facts);

  if (diagnostics.has_errors()) return std::nullopt;
  return std::move(facts.result);
}

}  // namespace gimlet::ast::sema
