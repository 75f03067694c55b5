// The kernel's software counters, with the names and default periods of probes-and-stdlib B2.11.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace gimlet::ast {

struct SoftwareEvent {
  const char* name;
  const char* alias;        // may be empty
  uint32_t config;          // PERF_COUNT_SW_*, part of the kernel's ABI
  uint64_t default_period;  // events per firing
};

std::span<const SoftwareEvent> software_events();
const SoftwareEvent* find_software_event(std::string_view name);

}  // namespace gimlet::ast
