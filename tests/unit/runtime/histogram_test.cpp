#include "runtime/histogram.h"

#include <catch2/catch_test_macros.hpp>

#include "ast/map_plan.h"

using namespace gimlet;
using namespace gimlet::runtime;

namespace {

ast::Type hist(uint32_t bits) {
  ast::Type type = ast::aggregate_type(ast::TypeKind::Hist, true);
  type.histogram.bits = bits;
  return type;
}

ast::Type lhist(uint64_t min, uint64_t max, uint64_t step) {
  ast::Type type = ast::aggregate_type(ast::TypeKind::LHist, true);
  type.histogram = {0, min, max, step};
  return type;
}

// The bucket of a sample, as C5.5 defines it.
uint32_t bucket(int64_t v, uint32_t k) {
  if (v < 0) return 0;
  if (v < (1LL << k)) return static_cast<uint32_t>(v) + 1;
  uint32_t log = 63 - static_cast<uint32_t>(__builtin_clzll(static_cast<uint64_t>(v)));
  uint64_t index =
      (uint64_t{log - k + 1} << k) | ((static_cast<uint64_t>(v) >> (log - k)) & ((1ULL << k) - 1));
  return static_cast<uint32_t>(index) + 1;
}

HistogramValue histogram(const ast::Type& type) {
  return {type, std::vector<uint64_t>(ast::bucket_count(type))};
}

}  // namespace

TEST_CASE("The sample of the specification, byte by byte", "[runtime][histogram]") {
  HistogramValue value = histogram(hist(0));
  for (int64_t v : {-5, 0, 1, 1, 3, 1024}) value.buckets[bucket(v, 0)]++;
  std::string half(26, '@');
  std::string rest(26, ' ');
  std::string zero = " |" + std::string(52, ' ') + "|\n";
  std::string expected = "(..., 0)               1 |" + half + rest + "|\n" +
                         "[0]                    1 |" + half + rest + "|\n" +
                         "[1]                    2 |" + half + half + "|\n" +
                         "[2, 4)                 1 |" + half + rest + "|\n";
  for (const char* label : {"[4, 8)     ", "[8, 16)    ", "[16, 32)   ", "[32, 64)   ",
                            "[64, 128)  ", "[128, 256) ", "[256, 512) ", "[512, 1K)  "}) {
    expected += label + std::string(12, ' ') + "0" + zero;
  }
  expected += "[1K, 2K)               1 |" + half + rest + "|\n";
  CHECK(histogram_rows(value) == expected);
}

TEST_CASE("Labels of finer histograms", "[runtime][histogram]") {
  ast::Type type = hist(2);
  CHECK(bucket_label(type, 0) == "(..., 0)");
  CHECK(bucket_label(type, bucket(7, 2)) == "[7]");
  CHECK(bucket_label(type, bucket(8, 2)) == "[8, 10)");
  CHECK(bucket_label(type, bucket(16, 2)) == "[16, 20)");
  CHECK(bucket_label(type, bucket(79, 2)) == "[64, 80)");
  CHECK(bucket_label(type, bucket(1000, 2)) == "[896, 1024)");
  CHECK(bucket_label(type, bucket(1024, 2)) == "[1024, 1280)");
  CHECK(bucket_label(type, bucket(3584, 2)) == "[3584, 4K)");
  CHECK(bucket_label(hist(0), bucket(1024 * 1024, 0)) == "[1M, 2M)");
}

TEST_CASE("Every bucket's bounds hold its samples", "[runtime][histogram]") {
  for (uint32_t k = 0; k <= 5; k++) {
    ast::Type type = hist(k);
    for (int64_t v = -1; v <= (1 << 13); v++) {
      BucketBounds bounds = bucket_bounds(type, bucket(v, k));
      CHECK((!bounds.low || *bounds.low <= v));
      CHECK((bounds.high && v <= *bounds.high));
    }
    uint32_t last = bucket(INT64_MAX, k);
    CHECK(last + 1 == ast::bucket_count(type));
    CHECK(bucket_bounds(type, last).high == INT64_MAX);
  }
}

TEST_CASE("Linear histograms", "[runtime][histogram]") {
  ast::Type odd = lhist(0, 10, 3);
  CHECK(bucket_label(odd, 0) == "(..., 0)");
  CHECK(bucket_label(odd, 1) == "[0, 3)");
  CHECK(bucket_label(odd, 4) == "[9, ...)");
  CHECK(bucket_label(lhist(0, 10, 1), 4) == "[3]");
  CHECK(bucket_label(lhist(0, 10, 1), 11) == "[10, ...)");
  ast::Type wide = lhist(0, 4 << 20, 512 << 10);
  CHECK(bucket_label(wide, 1) == "[0, 512K)");
  CHECK(bucket_label(wide, 3) == "[1M, 1536K)");
}

TEST_CASE("A divisor that leaves nothing gives empty bars", "[runtime][histogram]") {
  HistogramValue value = histogram(hist(0));
  value.buckets[bucket(3, 0)] = 4;
  CHECK(histogram_rows(value, 10) == "[2, 4)                 0 |" + std::string(52, ' ') + "|\n");
  HistogramValue linear = histogram(lhist(0, 10, 5));
  linear.buckets[1] = 4;
  CHECK(histogram_rows(linear, 10).substr(0, 26) == "[0, 5)                 4 |");
}

TEST_CASE("On a narrow terminal the bars are shorter", "[runtime][histogram]") {
  HistogramValue value = histogram(lhist(0, 10, 5));
  value.buckets[1] = 4;
  value.buckets[2] = 2;
  auto rows = [&](size_t width) {
    return "[0, 5)                 4 |" + std::string(width, '@') + "|\n" +
           "[5, 10)                2 |" + std::string(width / 2, '@') +
           std::string(width - width / 2, ' ') + "|\n";
  };
  CHECK(histogram_rows(value, 1, 0) == rows(52));
  CHECK(histogram_rows(value, 1, 200) == rows(52));
  CHECK(histogram_rows(value, 1, 79) == rows(52));
  CHECK(histogram_rows(value, 1, 78) == rows(51));
  CHECK(histogram_rows(value, 1, 40) == rows(13));
  CHECK(histogram_rows(value, 1, 1) == rows(8));
}

TEST_CASE("What stands beside the bars may be wide", "[runtime][histogram]") {
  HistogramValue value = histogram(hist(5));
  value.buckets[bucket(1, 5)] = 1'000'000'000;
  value.buckets[bucket(1'000'000'000'000'000, 5)] = 1;
  std::string rows = histogram_rows(value, 1, 79);
  size_t longest = 0;
  for (size_t at = 0; at < rows.size();) {
    size_t end = rows.find('\n', at);
    longest = std::max(longest, end - at);
    at = end + 1;
  }
  CHECK(longest == 79);
}

TEST_CASE("Buckets as JSON", "[runtime][histogram]") {
  HistogramValue value = histogram(hist(0));
  value.buckets[0] = 2;
  value.buckets[1] = 1;
  CHECK(histogram_json(value) ==
        "[{\"max\": -1, \"count\": 2},{\"min\": 0, \"max\": 0, \"count\": 1}]");
  HistogramValue linear = histogram(lhist(0, 10, 5));
  linear.buckets[3] = 9;
  CHECK(histogram_json(linear) == "[{\"min\": 10, \"count\": 9}]");
  CHECK(histogram_json(histogram(hist(0))) == "[]");
}
