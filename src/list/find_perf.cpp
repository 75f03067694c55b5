// Listers of perf events, timers and the signals that gimlet itself reacts to. What a probe may say
// after the name is not listed, only the colon before it; a pattern may leave the colon out.
#include <fmt/format.h>

#include "ast/perf_events.h"
#include "base/glob.h"
#include "list/lister.h"

namespace gimlet::list {
namespace {

void find_name(Search& search, const char* provider, const Pattern& pattern, const char* name) {
  const std::string full = std::string(name) + ":";
  if (base::glob_matches(pattern.whole(), name) || base::glob_matches(pattern.whole(), full)) {
    search.add(fmt::format("{}:{}", provider, full));
  }
}

}  // namespace

base::Status find_timers(Search& search, const char* provider, const Pattern& pattern) {
  for (const char* unit : {"hz", "ms", "s", "us"}) find_name(search, provider, pattern, unit);
  return base::Done{};
}

base::Status find_signals(Search& search, const Pattern& pattern) {
  if (base::glob_matches(pattern.whole(), "signal:SIGUSR1")) search.add("self:signal:SIGUSR1");
  return base::Done{};
}

base::Status find_perf_events(Search& search, ast::ProviderId provider, const Pattern& pattern) {
  const char* name = ast::provider(provider).name;
  for (const ast::PerfEvent& event : ast::perf_events(provider)) {
    find_name(search, name, pattern, event.name);
    if (*event.alias) find_name(search, name, pattern, event.alias);
  }
  return base::Done{};
}

}  // namespace gimlet::list
