#include "runtime/histogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace gimlet::runtime {
namespace {

using ast::TypeKind;

constexpr size_t kBarWidth = 52;
constexpr size_t kLeastBarWidth = 8;

// A bound of hist(): mantissa * 2^exponent, written as the label writes it.
struct Log2Bound {
  uint64_t value;
  uint32_t exponent;  // the p of C5.5 that decides about the suffix
};

// Lower bound of bucket `index` >= 1; index 1 is value 0.
Log2Bound log2_bound(uint32_t bits, uint64_t index) {
  uint64_t slot = index - 1;
  uint64_t per_power = 1ULL << bits;
  if (slot < per_power) return {slot, 0};
  uint32_t p = static_cast<uint32_t>(slot >> bits) - 1;
  return {(per_power + (slot & (per_power - 1))) << p, p};
}

std::string log2_text(Log2Bound bound) {
  static constexpr char kSuffix[] = " KMGTPE";
  uint32_t step = bound.exponent / 10;
  if (step == 0) return fmt::format("{}", bound.value);
  return fmt::format("{}{}", bound.value >> (10 * step), kSuffix[std::min(step, 6U)]);
}

std::string hist_label(const ast::Type& type, uint32_t index) {
  if (index == 0) return "(..., 0)";
  uint32_t bits = type.histogram.bits;
  Log2Bound low = log2_bound(bits, index);
  if (low.value < (2ULL << bits)) return fmt::format("[{}]", low.value);
  return fmt::format("[{}, {})", log2_text(low), log2_text(log2_bound(bits, index + 1ULL)));
}

// Bounds of lhist() are written in K or M if the step is a whole number of K.
std::string lhist_text(const ast::HistogramShape& shape, uint64_t bound) {
  constexpr uint64_t kK = 1024;
  constexpr uint64_t kM = kK * kK;
  if (shape.step % kK != 0 || bound == 0) return fmt::format("{}", bound);
  if (bound % kM == 0) return fmt::format("{}M", bound / kM);
  return fmt::format("{}K", bound / kK);
}

std::string lhist_label(const ast::Type& type, uint32_t index) {
  const ast::HistogramShape& shape = type.histogram;
  if (index == 0) return fmt::format("(..., {})", lhist_text(shape, shape.min));
  uint64_t low = shape.min + (index - 1ULL) * shape.step;
  if (low + shape.step > shape.max) return fmt::format("[{}, ...)", lhist_text(shape, low));
  if (shape.step == 1) return fmt::format("[{}]", lhist_text(shape, low));
  return fmt::format("[{}, {})", lhist_text(shape, low), lhist_text(shape, low + shape.step));
}

// First and one past the last bucket with samples; an empty range if there is none.
std::pair<size_t, size_t> filled(const std::vector<uint64_t>& buckets) {
  auto used = [](uint64_t n) { return n != 0; };
  auto first = std::find_if(buckets.begin(), buckets.end(), used);
  if (first == buckets.end()) return {0, 0};
  auto last = std::find_if(buckets.rbegin(), buckets.rend(), used).base();
  return {first - buckets.begin(), last - buckets.begin()};
}

uint64_t divisor(const HistogramValue& value, uint64_t div) {
  return value.type.is(TypeKind::LHist) ? 1 : std::max<uint64_t>(div, 1);
}

struct Row {
  std::string label;
  uint64_t count = 0;
};

// The whole width, but for a terminal on which the longest row would not fit.
size_t bar_width(const std::vector<Row>& rows, size_t columns) {
  if (columns == 0) return kBarWidth;
  size_t beside = 0;
  for (const Row& row : rows) {
    beside = std::max(beside, fmt::formatted_size("{:<16}{:>8} ||", row.label, row.count));
  }
  size_t room = columns > beside ? columns - beside : 0;
  return std::clamp(room, kLeastBarWidth, kBarWidth);
}

}  // namespace

BucketBounds bucket_bounds(const ast::Type& type, uint32_t index) {
  const ast::HistogramShape& shape = type.histogram;
  if (type.is(TypeKind::LHist)) {
    if (index == 0) return {std::nullopt, static_cast<int64_t>(shape.min - 1)};
    uint64_t low = shape.min + (index - 1ULL) * shape.step;
    BucketBounds bounds{static_cast<int64_t>(low), std::nullopt};
    if (low + shape.step <= shape.max) bounds.high = static_cast<int64_t>(low + shape.step - 1);
    return bounds;
  }
  if (index == 0) return {std::nullopt, -1};
  // The last bucket ends at 2^63, so that its largest value is the largest there is.
  return {static_cast<int64_t>(log2_bound(shape.bits, index).value),
          static_cast<int64_t>(log2_bound(shape.bits, index + 1ULL).value - 1)};
}

std::string bucket_label(const ast::Type& type, uint32_t index) {
  return type.is(TypeKind::LHist) ? lhist_label(type, index) : hist_label(type, index);
}

uint64_t total_samples(const HistogramValue& value) {
  return std::accumulate(value.buckets.begin(), value.buckets.end(), uint64_t{0});
}

std::string histogram_rows(const HistogramValue& value, uint64_t div, size_t columns) {
  auto [first, last] = filled(value.buckets);
  uint64_t by = divisor(value, div);
  uint64_t largest = 0;
  std::vector<Row> rows;
  for (size_t i = first; i < last; i++) {
    rows.push_back({bucket_label(value.type, static_cast<uint32_t>(i)), value.buckets[i] / by});
    largest = std::max(largest, rows.back().count);
  }
  size_t width = bar_width(rows, columns);
  std::string out;
  for (const Row& row : rows) {
    size_t length = 0;
    if (largest != 0) {
      length = static_cast<size_t>(static_cast<float>(row.count) / static_cast<float>(largest) *
                                   static_cast<float>(width));
    }
    std::string bar(std::min(length, width), '@');
    out += fmt::format("{:<16}{:>8} |{:<{}}|\n", row.label, row.count, bar, width);
  }
  return out;
}

std::string histogram_json(const HistogramValue& value, uint64_t div) {
  auto [first, last] = filled(value.buckets);
  uint64_t by = divisor(value, div);
  std::string out = "[";
  for (size_t i = first; i < last; i++) {
    BucketBounds bounds = bucket_bounds(value.type, static_cast<uint32_t>(i));
    if (i != first) out += ",";
    out += "{";
    if (bounds.low) out += fmt::format("\"min\": {}, ", *bounds.low);
    if (bounds.high) out += fmt::format("\"max\": {}, ", *bounds.high);
    out += fmt::format("\"count\": {}}}", value.buckets[i] / by);
  }
  return out + "]";
}

}  // namespace gimlet::runtime
