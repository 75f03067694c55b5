// Whether this process may trace (spec C12).
#pragma once

#include <string>

#include "base/result.h"

namespace gimlet::cli {

// The Error names the first missing capability; its hint names all of them and the remedy.
base::Status check_rights(const std::string& program_name);

}  // namespace gimlet::cli
