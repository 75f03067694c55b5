#include "runtime/time_series.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "ast/map_plan.h"

using namespace gimlet;
using namespace gimlet::runtime;
using ast::SeriesFunction;
using ast::SeriesSlot;

namespace {

constexpr uint64_t kMillisecond = 1'000'000;
constexpr uint64_t kSecond = 1'000'000'000;

ast::Type series(SeriesFunction function, uint64_t interval = kSecond, uint32_t count = 5,
                 bool is_signed = true) {
  ast::Type type = ast::aggregate_type(ast::TypeKind::TSeries, is_signed);
  type.series = {interval, count, function};
  return type;
}

std::optional<IntervalValue> merged(const ast::Type& type, const std::vector<SeriesSlot>& slots) {
  std::vector<uint8_t> bytes(slots.size() * sizeof(SeriesSlot));
  if (!slots.empty()) std::memcpy(bytes.data(), slots.data(), bytes.size());
  return merge_interval(type, bytes);
}

uint64_t merged_value(SeriesFunction function, const std::vector<SeriesSlot>& slots,
                      bool is_signed = true) {
  return merged(series(function, kSecond, 5, is_signed), slots).value().value;
}

uint64_t bits(int64_t value) { return static_cast<uint64_t>(value); }

// Times are shown in local time.
struct InUtc {
  InUtc() {
    setenv("TZ", "UTC", 1);
    tzset();
  }
};

}  // namespace

TEST_CASE("Slots of the same interval are combined", "[runtime][series]") {
  std::vector<SeriesSlot> slots{{5, 100, 8, 0}, {bits(-7), 300, 8, 0}, {6, 200, 8, 0}};
  CHECK(merged_value(SeriesFunction::Latest, slots) == bits(-7));
  CHECK(merged_value(SeriesFunction::Sum, slots) == 4);
  CHECK(merged_value(SeriesFunction::Min, slots) == bits(-7));
  CHECK(merged_value(SeriesFunction::Max, slots) == 6);
  CHECK(merged_value(SeriesFunction::Max, slots, false) == bits(-7));
  CHECK(merged_value(SeriesFunction::Min, slots, false) == 5);
}

TEST_CASE("Averages are divided once for all CPUs, toward zero", "[runtime][series]") {
  CHECK(merged_value(SeriesFunction::Avg, {{10, 2, 8, 0}, {5, 2, 8, 0}}) == 3);
  CHECK(merged_value(SeriesFunction::Avg, {{bits(-10), 2, 8, 0}, {bits(-1), 1, 8, 0}}) == bits(-3));
  CHECK(merged_value(SeriesFunction::Avg, {{bits(-2), 2, 8, 0}}, false) == INT64_MAX);
}

TEST_CASE("Only the newest interval of an entry counts", "[runtime][series]") {
  for (SeriesFunction f : {SeriesFunction::Latest, SeriesFunction::Sum, SeriesFunction::Max}) {
    auto found = merged(series(f), {{50, 900, 3, 0}, {7, 1, 8, 0}, {60, 900, 3, 0}, {}});
    REQUIRE(found);
    CHECK(found->interval == 7);
    CHECK(found->value == 7);
  }
}

TEST_CASE("Nothing is made of empty or short entries", "[runtime][series]") {
  CHECK(!merged(series(SeriesFunction::Sum), {}));
  CHECK(!merged(series(SeriesFunction::Sum), {{}, {9, 9, 0, 1}}));
  std::vector<uint8_t> half(sizeof(SeriesSlot) / 2, 1);
  CHECK(!merge_interval(series(SeriesFunction::Sum), half));
}

TEST_CASE("A series reaches from its first value to the newest of the map", "[runtime][series]") {
  ast::Type type = series(SeriesFunction::Sum, kSecond, 4);
  SeriesValue value = make_series(type, {{9, 2}, {3, 99}, {7, 1}}, 10);
  CHECK(value.first == 7);
  CHECK(value.values == std::vector<std::optional<uint64_t>>{1, std::nullopt, 2, std::nullopt});
  CHECK(make_series(type, {{3, 99}}, 10).values.empty());
  CHECK(make_series(type, {}, 0).values.empty());
  CHECK(make_series(type, {{0, 5}}, 0).values.size() == 1);
}

TEST_CASE("The graph of the specification, byte by byte", "[runtime][series]") {
  InUtc utc;
  SeriesValue value{100 * kMillisecond, true, 107438, {0, 10, 20}};
  CHECK(series_rows(value) ==
        "             0                                                  20\n"
        "hh:mm:ss.ms  |___________________________________________________|\n"
        "02:59:03.800 *                                                   | 0\n"
        "02:59:03.900 |                         *                         | 10\n"
        "02:59:04.000 |                                                   * 20\n"
        "             v___________________________________________________v\n"
        "             0                                                  20\n");
}

TEST_CASE("On a narrow terminal the graph is narrower", "[runtime][series]") {
  InUtc utc;
  SeriesValue value{100 * kMillisecond, true, 107438, {0, 10, 20}};
  CHECK(series_rows(value, 69) == series_rows(value));
  CHECK(series_rows(value, 37) ==
        "             0                  20\n"
        "hh:mm:ss.ms  |___________________|\n"
        "02:59:03.800 *                   | 0\n"
        "02:59:03.900 |         *         | 10\n"
        "02:59:04.000 |                   * 20\n"
        "             v___________________v\n"
        "             0                  20\n");
  SeriesValue around{kSecond, true, 5, {bits(-10), 10}};
  CHECK(series_rows(around, 1) ==
        "         -10           10\n"
        "hh:mm:ss |______________|\n"
        "00:00:05 *       .      | -10\n"
        "00:00:06 |       .      * 10\n"
        "         v______________v\n"
        "         -10           10\n");
}

TEST_CASE("Gaps, and the mark at zero", "[runtime][series]") {
  InUtc utc;
  SeriesValue value{kSecond, true, 5, {bits(-10), std::nullopt, 10, 0}};
  CHECK(series_rows(value) ==
        "         -10                                                10\n"
        "hh:mm:ss |___________________________________________________|\n"
        "00:00:05 *                         .                         | -10\n"
        "00:00:06 |                         .                         | -\n"
        "00:00:07 |                         .                         * 10\n"
        "00:00:08 |                         *                         | 0\n"
        "         v___________________________________________________v\n"
        "         -10                                                10\n");
}

TEST_CASE("Equal values stand in the middle; one point is shown to the nanosecond",
          "[runtime][series]") {
  InUtc utc;
  SeriesValue value{kSecond, true, 3661, {5}};
  CHECK(series_rows(value) ==
        "                   4                                                   6\n"
        "hh:mm:ss.ns        |___________________________________________________|\n"
        "01:01:01.000000000 |                         *                         | 5\n"
        "                   v___________________________________________________v\n"
        "                   4                                                   6\n");
}

TEST_CASE("Microseconds: their sign is two bytes of the padding", "[runtime][series]") {
  InUtc utc;
  std::string rows = series_rows({10'000, true, 100'001, {1, 2}});
  CHECK(rows.find("\nhh:mm:ss.\u03bcs    |__") != std::string::npos);
  CHECK(rows.find("\n00:00:01.000010 *") != std::string::npos);
  CHECK(series_rows({500, true, 2'000'001, {1, 2}}).find("\n00:00:01.000000500 *") !=
        std::string::npos);
}

TEST_CASE("The widest values there are", "[runtime][series]") {
  InUtc utc;
  std::string rows = series_rows({kSecond, true, 0, {bits(INT64_MIN), bits(INT64_MAX)}});
  CHECK(rows.find("00:00:00 *                         .                         | "
                  "-9223372036854775808\n") != std::string::npos);
  CHECK(rows.find("* 9223372036854775807\n") != std::string::npos);
  CHECK(series_rows({kSecond, false, 0, {0, UINT64_MAX}}).find("* 18446744073709551615\n") !=
        std::string::npos);
  CHECK(series_rows({kSecond, false, 0, {UINT64_MAX, UINT64_MAX}}).find("18446744073709551616\n") !=
        std::string::npos);
}

TEST_CASE("A series without values has no graph", "[runtime][series]") {
  CHECK(series_rows({kSecond, true, 1, {}}).empty());
  CHECK(series_json({kSecond, true, 1, {}}) == "[]");
}

TEST_CASE("JSON has the start of each interval in UTC, without gaps", "[runtime][series]") {
  setenv("TZ", "XYZ-3", 1);
  tzset();
  CHECK(series_json({100 * kMillisecond, true, 17952299431, {5, std::nullopt, bits(-6)}}) ==
        "[{\"interval_start\":\"2026-11-21 02:59:03.100000000\",\"value\":5},"
        "{\"interval_start\":\"2026-11-21 02:59:03.300000000\",\"value\":-6}]");
  InUtc utc;
  CHECK(series_json({1, false, 0, {UINT64_MAX}}) ==
        "[{\"interval_start\":\"1970-01-01 00:00:00.000000000\","
        "\"value\":\"18446744073709551615\"}]");
}
