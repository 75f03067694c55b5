// Configuration from the environment: BPFTRACE_KEY variables (spec C10).
#pragma once

#include <set>
#include <string>

#include "ast/config.h"
#include "base/result.h"

namespace gimlet::cli {

// An Error has exit status 2 and the message that the specification gives for the bad value.
base::Result<ast::Config> config_from_environment();

// Names of the keys that are set there: a script's config block does not change them.
std::set<std::string> keys_fixed_by_environment();

// BPFTRACE_COLOR; `warning` is set to a message if its value is none of auto, always, never.
bool want_colour(std::string& warning);

}  // namespace gimlet::cli
