#include "ast/sema/unstable.h"

#include <algorithm>

namespace gimlet::ast::sema {

bool admit_unstable(const UnstableFeature& feature, const Config& config, base::SourceRange use,
                    base::Diagnostics& diagnostics) {
  Unstable setting = config.*feature.setting;
  std::string message = unstable_message(feature, setting);
  if (setting == Unstable::Error) {
    diagnostics.error(use, std::move(message));
    return false;
  }
  bool said = std::ranges::any_of(diagnostics.all(),
                                  [&](const base::Diagnostic& d) { return d.message == message; });
  if (setting == Unstable::Warn && !said) {
    diagnostics.add({base::Severity::Warning, std::nullopt, std::move(message), {}, {}});
  }
  return true;
}

}  // namespace gimlet::ast::sema
