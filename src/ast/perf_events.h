// The kernel's named perf events: software counters, and the counters of the processor that every
// machine calls by the same names. Names and default periods are those of probes-and-stdlib B2.11.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "ast/provider.h"

namespace gimlet::ast {

struct PerfEvent {
  const char* name;
  const char* alias;        // may be empty
  uint32_t config;          // PERF_COUNT_SW_* or PERF_COUNT_HW_*, part of the kernel's ABI
  uint64_t default_period;  // events per firing
};

// The events of `software` or `hardware`; none for any other provider.
std::span<const PerfEvent> perf_events(ProviderId provider);
const PerfEvent* find_perf_event(ProviderId provider, std::string_view name);

}  // namespace gimlet::ast
