// Histograms as text rows and JSON buckets (cli-and-output C5.5, C5.6, C6).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "runtime/value.h"

namespace gimlet::runtime {

// The least and the largest value that a bucket holds; an absent bound is open.
struct BucketBounds {
  std::optional<int64_t> low;
  std::optional<int64_t> high;
};

BucketBounds bucket_bounds(const ast::Type& histogram, uint32_t index);
// The row's label, "[4, 8)" or "[1K, 2K)" or "(..., 0)".
std::string bucket_label(const ast::Type& histogram, uint32_t index);

uint64_t total_samples(const HistogramValue& value);

// Rows from the first to the last bucket that is not empty, each ending in a newline. `div` divides
// the counts of hist() after the range of rows was chosen. `columns`: of a terminal that they shall
// fit on; 0 if there is none.
std::string histogram_rows(const HistogramValue& value, uint64_t div = 1, size_t columns = 0);
// [{"min": 4, "max": 7, "count": 1},...]
std::string histogram_json(const HistogramValue& value, uint64_t div = 1);

}  // namespace gimlet::runtime
