#include "ast/sema/check_call_sites.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include "ast/event_name.h"

namespace gimlet::ast::sema {
namespace {

constexpr size_t kMostCalls = 10000;

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
