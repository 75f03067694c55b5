// Ids of cgroups: what the kernel calls the folder of a cgroup (version 2) in its file system.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace gimlet::kernel {

// The error's message is only the reason.
base::Result<uint64_t> read_cgroup_id(const std::string& path);

}  // namespace gimlet::kernel
