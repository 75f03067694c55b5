#include "interactive/cost.h"

#include <unistd.h>

#include "runtime/run_statistics.h"

namespace gimlet::interactive {
namespace {

double share(uint64_t nanoseconds, Clock::duration time) {
  auto available = std::chrono::duration<double, std::nano>(time).count() *
                   static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN));
  return available > 0 ? 100 * static_cast<double>(nanoseconds) / available : 0;
}

}  // namespace

base::Status CostMeter::turn_on() {
  if (statistics_) return base::Done{};
  auto fd = runtime::run_statistics();
  if (!fd) return fd.error();
  statistics_ = std::move(*fd);
  return base::Done{};
}

std::vector<Cost> CostMeter::costs(const Cell& cell, const runtime::Session& session) {
  std::vector<Cost> costs(cell.probes.size());
  if (!cell.image) return costs;
  std::vector<runtime::ProgramCost> programs = session.costs(*cell.image);
  Clock::duration time = Clock::now() - cell.since;
  for (size_t line = 0; line < costs.size(); line++) {
    for (size_t program : cell.probes[line].programs) {
      if (program >= programs.size()) continue;
      costs[line].hits += programs[program].runs;
      costs[line].nanoseconds += programs[program].nanoseconds;
    }
    costs[line].percent = share(costs[line].nanoseconds, time);
  }
  return costs;
}

std::vector<CellShare> CostMeter::since_last_call(Exploration& exploration) {
  std::vector<CellShare> shares;
  std::map<std::pair<uint32_t, uint32_t>, Sample> now;
  for (const auto& cell : exploration.cells()) {
    if (!cell->image || !cell->enabled) continue;
    Sample sample{0, Clock::now()};
    for (const runtime::ProgramCost& cost : exploration.session().costs(*cell->image)) {
      sample.nanoseconds += cost.nanoseconds;
    }
    auto key = std::pair(cell->number, *cell->image);
    auto before = samples_.find(key);
    if (before != samples_.end() && sample.nanoseconds >= before->second.nanoseconds) {
      shares.push_back({cell.get(), share(sample.nanoseconds - before->second.nanoseconds,
                                          sample.time - before->second.time)});
    }
    now[key] = sample;
  }
  samples_ = std::move(now);
  return shares;
}

}  // namespace gimlet::interactive
