// What of the system would make every run fail, or its results doubtful: said once, before anything
// else fails because of it.
#pragma once

#include <string>

#include "base/result.h"

namespace gimlet::cli {

// Every look at a process and at the kernel's symbols needs it.
base::Status check_proc();

// A kernel that is locked down for confidentiality lets nobody read its memory by BPF.
base::Status check_lockdown();

// A warning if the running kernel is older than what is supported; else empty.
std::string old_kernel_warning();

}  // namespace gimlet::cli
