// Attach points of self (probes-and-stdlib B2.2): what happens to gimlet itself. There is one.

#include <fmt/format.h>

#include "ast/sema/expand.h"

namespace gimlet::ast::sema {

void expand_self(ExpandContext& context, Expansion& expansion) {
  if (!context.check_part_count(2, 2)) return;
  const auto& trigger = context.parts[0];
  const auto& signal = context.parts[1];
  if (trigger.text != "signal") {
    context.error(trigger.range, fmt::format("{} is not a supported trigger", trigger.text))
        .hint("write self:signal:SIGUSR1");
    return;
  }
  if (signal.text != "SIGUSR1") {
    context.error(signal.range, fmt::format("{} is not a supported signal", signal.text))
        .hint("write self:signal:SIGUSR1");
    return;
  }
  Match match;
  match.target = {ProviderId::Self, "self:signal:SIGUSR1", SpecialTarget{}};
  expansion.matches.push_back(std::move(match));
}

}  // namespace gimlet::ast::sema
