#include "ast/sema/check_call_sites.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string_view>
#include <tuple>

namespace gimlet::ast::sema {
namespace {

constexpr size_t kMostCalls = 10000;

// Empty for what is sent without a call.
std::string_view call_name(EventKind kind) {
  switch (kind) {
    case EventKind::Printf: return "printf";
    case EventKind::ErrorMessage: return "errorf";
    case EventKind::WarningMessage: return "warnf";
    case EventKind::PrintValue:
    case EventKind::PrintMap:
    case EventKind::PrintMapKey: return "print";
    case EventKind::Clear: return "clear";
    case EventKind::Zero: return "zero";
    case EventKind::Time: return "time";
    case EventKind::Exit: return "exit";
    case EventKind::Cat: return "cat";
    case EventKind::System: return "system";
    case EventKind::SkbOutput: return "skboutput";
    case EventKind::CgroupPath: return "cgroup_path";
    case EventKind::Join: return "join";
    case EventKind::RuntimeError:
    case EventKind::HelperError: return {};
  }
  return {};
}

using Site = std::tuple<base::FileId, uint32_t, uint32_t, uint32_t>;

}  // namespace

void check_call_sites(ProgramFacts& facts) {
  if (facts.result.events.size() <= kMostCalls) return;
  std::map<std::string_view, std::set<Site>> sites;
  for (const EventPlan& event : facts.result.events) {
    const std::string_view name = call_name(event.kind);
    if (name.empty()) continue;
    std::set<Site>& known = sites[name];
    const base::SourceRange& range = event.range;
    const bool added = known.emplace(range.file, range.begin, range.end, range.expansion).second;
    if (!added || known.size() != kMostCalls + 1) continue;
    facts.reporter
        .error(range, fmt::format("Your program has more than {} calls of {}(), which exceeds the "
                                  "limit",
                                  kMostCalls, name))
        .hint("call it in a loop, or in a function that the probes share");
  }
}

}  // namespace gimlet::ast::sema
