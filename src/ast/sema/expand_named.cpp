// Attach points of test and bench (probes-and-stdlib B2.3, B2.4): a name, which reports use.

#include <fmt/format.h>

#include "ast/sema/expand.h"

namespace gimlet::ast::sema {
namespace {

bool is_taken(const ProgramFacts& facts, ProviderId provider, const std::string& name) {
  for (const TypedProbe& probe : facts.result.probes) {
    if (probe.provider != provider) continue;
    if (std::get<NamedTarget>(probe.targets.front().place).name == name) return true;
  }
  return false;
}

}  // namespace

void expand_named(ExpandContext& context, Expansion& expansion) {
  const Provider& provider = context.provider;
  bool nameless = context.parts.empty() || context.parts[0].text.empty();
  if (nameless && context.parts.size() < 2) {
    context.error(context.point.range, fmt::format("{} probes must have a name", provider.name))
        .hint(fmt::format("write {}", provider.form));
    return;
  }
  if (!context.check_part_count(1, 1)) return;
  const auto& part = context.parts[0];
  if (context.is_pattern(0)) {
    context.error(part.range,
                  fmt::format("wildcards are not allowed for {} probe type", provider.name));
    return;
  }
  if (is_taken(context.facts, provider.id, part.text)) {
    context.error(part.range,
                  fmt::format("\"{}\" was used as the name for more than one {} probe", part.text,
                              provider.id == ProviderId::Test ? "TEST" : "BENCH"));
    return;
  }
  Match match;
  match.target = {provider.id, fmt::format("{}:{}", provider.name, part.text),
                  NamedTarget{part.text}};
  expansion.matches.push_back(std::move(match));
}

}  // namespace gimlet::ast::sema
