#include "cli/probe_filter.h"

#include <fmt/format.h>

#include <optional>
#include <regex>

namespace gimlet::cli {
namespace {

bool always_stays(ast::ProviderId provider) {
  return provider == ast::ProviderId::Begin || provider == ast::ProviderId::End ||
         provider == ast::ProviderId::Self;
}

}  // namespace

base::Status keep_matching_probes(const std::string& regex, ast::TypedProgram& program) {
  constexpr int kBadFilter = 255;
  try {
    const std::regex wanted(regex, std::regex::ECMAScript);
    for (ast::TypedProbe& probe : program.probes) {
      if (always_stays(probe.provider)) continue;
      std::erase_if(probe.targets, [&](const ast::Target& target) {
        return !std::regex_search(target.name, wanted);
      });
    }
  } catch (const std::regex_error& error) {
    return base::Error{fmt::format("Invalid --probe-filter regex '{}': {}", regex, error.what()),
                       {},
                       0,
                       kBadFilter};
  }
  std::erase_if(program.probes, [](const ast::TypedProbe& probe) { return probe.targets.empty(); });
  return base::Done{};
}

}  // namespace gimlet::cli
