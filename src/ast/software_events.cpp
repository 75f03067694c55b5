#include "ast/software_events.h"

namespace gimlet::ast {
namespace {

// Numbers from include/uapi/linux/perf_event.h, enum perf_sw_ids.
constexpr SoftwareEvent kEvents[] = {
    {"alignment-faults", "", 7, 1}, {"bpf-output", "", 10, 1},
    {"context-switches", "cs", 3, 1000}, {"cpu-clock", "cpu", 0, 1000000},
    {"cpu-migrations", "", 4, 1}, {"dummy", "", 9, 1},
    {"emulation-faults", "", 8, 1}, {"major-faults", "", 6, 1},
    {"minor-faults", "", 5, 100}, {"page-faults", "faults", 2, 100},
    {"task-clock", "", 1, 1},
};

}  // namespace

std::span<const SoftwareEvent> software_events() { return kEvents; }

const SoftwareEvent* find_software_event(std::string_view name) {
  for (const SoftwareEvent& event : kEvents) {
    if (name == event.name || (*event.alias && name == event.alias)) return &event;
  }
  return nullptr;
}

}  // namespace gimlet::ast
