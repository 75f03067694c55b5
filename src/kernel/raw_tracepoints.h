// Raw tracepoints as BTF describes them: the kernel's TRACE_EVENT macro leaves a typedef
// btf_trace_EVENT (a pointer to the probe's prototype, without parameter names) and a function
// __probestub_EVENT (since 6.4) or __traceiter_EVENT (since 5.11) with the same parameters, named.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/btf_types.h"
#include "kernel/kernel.h"

namespace gimlet::kernel {

// Every event of the file, as "MODULE:EVENT", sorted.
std::vector<std::string> list_raw_tracepoints(const BtfTypes& types);

std::optional<RawTracepoint> find_raw_tracepoint(const BtfTypes& types, const std::string& event);

}  // namespace gimlet::kernel
