#include "ast/perf_events.h"

namespace gimlet::ast {
namespace {

// Numbers from include/uapi/linux/perf_event.h, enum perf_sw_ids.
constexpr PerfEvent kSoftware[] = {
    {"alignment-faults", "", 7, 1},
    {"bpf-output", "", 10, 1},
    {"context-switches", "cs", 3, 1000},
    {"cpu-clock", "cpu", 0, 1000000},
    {"cpu-migrations", "", 4, 1},
    {"dummy", "", 9, 1},
    {"emulation-faults", "", 8, 1},
    {"major-faults", "", 6, 1},
    {"minor-faults", "", 5, 100},
    {"page-faults", "faults", 2, 100},
    {"task-clock", "", 1, 1},
};

// Likewise, enum perf_hw_id.
constexpr PerfEvent kHardware[] = {
    {"backend-stalls", "", 8, 1000000},   {"branch-instructions", "branches", 4, 100000},
    {"branch-misses", "", 5, 100000},     {"bus-cycles", "", 6, 100000},
    {"cache-misses", "", 3, 1000000},     {"cache-references", "", 2, 1000000},
    {"cpu-cycles", "cycles", 0, 1000000}, {"frontend-stalls", "", 7, 1000000},
    {"instructions", "", 1, 1000000},     {"ref-cycles", "", 9, 1000000},
};

}  // namespace

std::span<const PerfEvent> perf_events(ProviderId provider) {
  if (provider == ProviderId::Software) return kSoftware;
  if (provider == ProviderId::Hardware) return kHardware;
  return {};
}

const PerfEvent* find_perf_event(ProviderId provider, std::string_view name) {
  for (const PerfEvent& event : perf_events(provider)) {
    if (name == event.name || (*event.alias && name == event.alias)) return &event;
  }
  return nullptr;
}

}  // namespace gimlet::ast
