// Perf events: what most probes of the kernel are made of. An event fires, and the link that holds
// a program to it lets the program run.
#pragma once

#include <linux/perf_event.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/owners.h"
#include "base/result.h"
#include "runtime/link.h"

namespace gimlet::runtime {

// Unset, with errno, if the kernel refuses. `pid` or `cpu` may be -1 for all.
base::UniqueFd open_perf_event(perf_event_attr& attr, int64_t pid, int cpu);

// Lets the program run at each firing of the event; it can ask for the cookie.
base::Status link_event(base::UniqueFd event, int program, uint64_t cookie,
                        std::vector<Link>& links);

// A number from a file of sysfs or tracefs.
base::Result<uint64_t> read_number(const std::string& path);

}  // namespace gimlet::runtime
