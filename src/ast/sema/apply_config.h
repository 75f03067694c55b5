// The `config = { ... }` block of a script, put over the settings that the environment gave.
#pragma once

#include <set>
#include <string>

#include "ast/config.h"
#include "ast/node.h"
#include "base/diagnostics.h"

namespace gimlet::ast::sema {

// Every entry is checked, but keys whose names are in `fixed_by_environment` keep their values. Of
// two entries for one key the last wins. Mistakes and old names are reported with their places.
void apply_config(const Program& program, const std::set<std::string>& fixed_by_environment,
                  Config& config, base::Diagnostics& diagnostics);

}  // namespace gimlet::ast::sema
