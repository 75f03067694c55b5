// The kernel's statistics of BPF programs: how often each ran, and for how long. They are on while
// somebody holds the descriptor, and cost each run of any program some 50 ns.
#pragma once

#include "base/owners.h"
#include "base/result.h"

namespace gimlet::runtime {

base::Result<base::UniqueFd> run_statistics();

}  // namespace gimlet::runtime
