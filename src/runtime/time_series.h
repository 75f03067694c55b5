// Time series: combining what each CPU keeps of an interval (layout: ast/map_plan.h), and the graph
// that shows a series (cli-and-output C5.7, C6).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/value.h"

namespace gimlet::runtime {

struct IntervalValue {
  uint64_t interval = 0;  // number since the epoch
  uint64_t value = 0;     // two's complement if the series is signed
};

// One entry of the map: slots of all CPUs. Those that hold an older interval do not count. Nothing
// if none holds any.
std::optional<IntervalValue> merge_interval(const ast::Type& series,
                                            std::span<const uint8_t> slots);

// The intervals of one key in a row. `newest` is the newest of the whole map; what is older than
// the number of intervals kept is left out.
SeriesValue make_series(const ast::Type& series, const std::vector<IntervalValue>& values,
                        uint64_t newest);

// The graph, one line for each interval below its scale; nothing if there is no value. `columns` as
// for histogram_rows().
std::string series_rows(const SeriesValue& series, size_t columns = 0);
// [{"interval_start":"2026-11-21 02:59:03.100000000","value":5},...]
std::string series_json(const SeriesValue& series);

}  // namespace gimlet::runtime
