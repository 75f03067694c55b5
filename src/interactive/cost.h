// What cells cost: hits, time for each, and the share of all CPUs' time, from the kernel's
// statistics of BPF programs. The way into a program (a breakpoint, a trampoline) is not in them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/owners.h"
#include "interactive/exploration.h"

namespace gimlet::interactive {

// Programs of one probe block, all together.
struct Cost {
  uint64_t hits = 0;
  uint64_t nanoseconds = 0;
  double percent = 0;  // of all CPUs' time since the cell was entered
};

struct CellShare {
  Cell* cell = nullptr;
  double percent = 0;
};

class CostMeter {
 public:
  base::Status turn_on();
  void turn_off() { statistics_.reset(); }
  bool is_on() const { return static_cast<bool>(statistics_); }

  // By the lines of the cell's probes.
  static std::vector<Cost> costs(const Cell& cell, const runtime::Session& session);
  // The share of each attached cell since this was called last.
  std::vector<CellShare> since_last_call(Exploration& exploration);

 private:
  struct Sample {
    uint64_t nanoseconds = 0;
    Clock::time_point time{};
  };
  base::UniqueFd statistics_;
  std::map<std::pair<uint32_t, uint32_t>, Sample> samples_;  // by cell and image
};

}  // namespace gimlet::interactive
