// The process of -p.
#pragma once

#include <cstdint>

#include "base/owners.h"
#include "base/result.h"

namespace gimlet::runtime {

// A descriptor that becomes readable when the process ends; it cannot be confused with a later
// process of the same number. Errors are those of cli-and-output C1.2.
base::Result<base::UniqueFd> open_target(uint64_t pid);

}  // namespace gimlet::runtime
