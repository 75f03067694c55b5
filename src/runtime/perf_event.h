// Perf events as places that programs are attached to: opening one, and linking a program to it.
#pragma once

#include <linux/perf_event.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/owners.h"
#include "base/result.h"
#include "runtime/attach.h"
#include "runtime/link.h"

namespace gimlet::runtime {

// Unset, with errno, if the kernel refuses. `pid` -1: every process; `cpu` -1: every CPU.
base::UniqueFd open_perf_event(perf_event_attr& attr, int64_t pid, int cpu);

// Lets the program run at each firing of the event; it can ask for the cookie.
base::Status link_event(base::UniqueFd event, const AttachContext& context,
                        std::vector<Link>& links, uint64_t cookie = 0);

// The process that the event shall follow, as perf_event_open wants it; children are followed, too.
int64_t scope(perf_event_attr& attr, const AttachContext& context);

// A file of sysfs or tracefs that holds one decimal number.
base::Result<uint64_t> read_number(const std::string& path);

}  // namespace gimlet::runtime
