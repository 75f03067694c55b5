// The gate in front of features that may still change (language §17.3).
#pragma once

#include "ast/config.h"
#include "base/diagnostics.h"

namespace gimlet::ast::sema {

// Whether the program may use the feature. A refusal is reported at `use`; a warning has no place
// and is added only if `diagnostics` does not hold it yet.
bool admit_unstable(const UnstableFeature& feature, const Config& config, base::SourceRange use,
                    base::Diagnostics& diagnostics);

}  // namespace gimlet::ast::sema
