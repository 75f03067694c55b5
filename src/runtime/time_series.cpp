#include "runtime/time_series.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "ast/map_plan.h"
#include "runtime/decode.h"
#include "runtime/value_json.h"

namespace gimlet::runtime {
namespace {

using ast::SeriesFunction;
using ast::SeriesSlot;
// Wide enough for differences of any two values.
__extension__ typedef __int128 Wide;

constexpr uint64_t kSecond = 1'000'000'000;
constexpr size_t kGraphWidth = 53;
constexpr size_t kLeastGraphWidth = 16;

bool less(uint64_t a, uint64_t b, bool is_signed) {
  return is_signed ? static_cast<int64_t>(a) < static_cast<int64_t>(b) : a < b;
}

uint64_t divide(uint64_t total, uint64_t number, bool is_signed) {
  if (number == 0) return 0;
  if (!is_signed || number > INT64_MAX) return total / number;
  return static_cast<uint64_t>(static_cast<int64_t>(total) / static_cast<int64_t>(number));
}

// Adds a slot of the same interval to `sum`.
void combine(SeriesSlot& sum, const SeriesSlot& slot, const ast::Type& series) {
  switch (series.series.function) {
    case SeriesFunction::Latest:
      if (slot.extra > sum.extra) sum = slot;
      break;
    case SeriesFunction::Avg:
    case SeriesFunction::Sum:
      sum.value += slot.value;
      sum.extra += slot.extra;
      break;
    case SeriesFunction::Max:
      if (less(sum.value, slot.value, series.is_signed)) sum.value = slot.value;
      break;
    case SeriesFunction::Min:
      if (less(slot.value, sum.value, series.is_signed)) sum.value = slot.value;
      break;
  }
}

// How finely times are shown. The width counts bytes, like the padding of the heading does.
struct TimeColumn {
  const char* heading;
  size_t width;
  int digits;  // of the fraction
};

TimeColumn time_column(const SeriesValue& series) {
  // A single point has no distance to another.
  uint64_t distance = series.values.size() > 1 ? series.interval_ns : 0;
  if (distance >= kSecond) return {"hh:mm:ss", 8, 0};
  if (distance >= 1'000'000) return {"hh:mm:ss.ms", 12, 3};
  if (distance >= 1000) return {"hh:mm:ss.\u03bcs", 15, 6};
  return {"hh:mm:ss.ns", 18, 9};
}

std::string fraction(uint64_t ns, int digits) {
  if (digits == 0) return {};
  return "." + fmt::format("{:09}", ns % kSecond).substr(0, static_cast<size_t>(digits));
}

std::string time_of(uint64_t ns, const char* format, bool local) {
  auto seconds = static_cast<time_t>(ns / kSecond);
  tm parts{};
  char text[64];
  if (!(local ? localtime_r(&seconds, &parts) : gmtime_r(&seconds, &parts))) return "?";
  return {text, strftime(text, sizeof(text), format, &parts)};
}

Wide wide(uint64_t value, bool is_signed) {
  return is_signed ? Wide{static_cast<int64_t>(value)} : Wide{value};
}

struct Scale {
  Wide low = 0;
  Wide high = 0;
  size_t width = kGraphWidth;

  size_t column(Wide value) const {
    return static_cast<size_t>((value - low) * (static_cast<Wide>(width) - 1) / (high - low));
  }
  // Of 0, which lies between the ends.
  size_t zero() const {
    return static_cast<size_t>(-low * static_cast<Wide>(width) / (high - low));
  }
};

// Nothing without values.
std::optional<Scale> scale_of(const SeriesValue& series) {
  std::optional<Scale> scale;
  for (const std::optional<uint64_t>& value : series.values) {
    if (!value) continue;
    Wide v = wide(*value, series.is_signed);
    if (!scale) scale = {v, v};
    scale->low = std::min(scale->low, v);
    scale->high = std::max(scale->high, v);
  }
  if (scale && scale->low == scale->high) {
    scale->low--;
    scale->high++;
  }
  return scale;
}

// An empty row, with a mark at 0 if the scale reaches over it.
std::string empty_row(const Scale& scale) {
  std::string row(scale.width, ' ');
  row.front() = row.back() = '|';
  if (scale.low < 0 && scale.high > 0) row[scale.zero()] = '.';
  return row;
}

std::string value_text(uint64_t value, bool is_signed) {
  return is_signed ? fmt::format("{}", static_cast<int64_t>(value)) : fmt::format("{}", value);
}

// The whole width, but for a terminal on which the longest line would not fit.
size_t graph_width(const SeriesValue& series, size_t time_width, size_t columns) {
  if (columns == 0) return kGraphWidth;
  size_t longest = 1;
  for (const std::optional<uint64_t>& value : series.values) {
    if (value) longest = std::max(longest, value_text(*value, series.is_signed).size());
  }
  size_t beside = time_width + longest + 2;
  size_t room = columns > beside ? columns - beside : 0;
  return std::clamp(room, kLeastGraphWidth, kGraphWidth);
}

}  // namespace

std::optional<IntervalValue> merge_interval(const ast::Type& series,
                                            std::span<const uint8_t> slots) {
  SeriesSlot sum{};
  for (; slots.size() >= sizeof(SeriesSlot); slots = slots.subspan(sizeof(SeriesSlot))) {
    auto slot = read_at<SeriesSlot>(slots, 0);
    if (slot.interval > sum.interval) {
      sum = slot;
    } else if (slot.interval != 0 && slot.interval == sum.interval) {
      combine(sum, slot, series);
    }
  }
  if (sum.interval == 0) return std::nullopt;
  if (series.series.function == SeriesFunction::Avg) {
    sum.value = divide(sum.value, sum.extra, series.is_signed);
  }
  return IntervalValue{sum.interval - 1, sum.value};
}

SeriesValue make_series(const ast::Type& series, const std::vector<IntervalValue>& values,
                        uint64_t newest) {
  SeriesValue result;
  result.interval_ns = series.series.interval;
  result.is_signed = series.is_signed;
  auto shown = [&](const IntervalValue& v) {
    return v.interval <= newest && newest - v.interval < series.series.count;
  };
  result.first = newest + 1;
  for (const IntervalValue& v : values) {
    if (shown(v)) result.first = std::min(result.first, v.interval);
  }
  result.values.resize(newest + 1 - result.first);
  for (const IntervalValue& v : values) {
    if (shown(v)) result.values[v.interval - result.first] = v.value;
  }
  return result;
}

std::string series_rows(const SeriesValue& series, size_t columns) {
  std::optional<Scale> scale = scale_of(series);
  if (!scale) return {};
  TimeColumn column = time_column(series);
  scale->width = graph_width(series, column.width, columns);
  const size_t left = scale->width * 2 / 5;
  std::string margin(column.width + 1, ' ');
  std::string numbers =
      fmt::format("{}{:<{}}{:>{}}\n", margin, scale->low, left, scale->high, scale->width - left);
  std::string heading = column.heading;
  heading.resize(column.width + 1, ' ');
  std::string line(scale->width - 2, '_');
  std::string out = fmt::format("{}{}|{}|\n", numbers, heading, line);
  std::string empty = empty_row(*scale);
  for (size_t i = 0; i < series.values.size(); i++) {
    uint64_t start = (series.first + i) * series.interval_ns;
    std::string graph = empty;
    std::string text = "-";
    if (series.values[i]) {
      graph[scale->column(wide(*series.values[i], series.is_signed))] = '*';
      text = value_text(*series.values[i], series.is_signed);
    }
    out += fmt::format("{}{} {} {}\n", time_of(start, "%H:%M:%S", true),
                       fraction(start, column.digits), graph, text);
  }
  return out + fmt::format("{}v{}v\n{}", margin, line, numbers);
}

std::string series_json(const SeriesValue& series) {
  std::string out = "[";
  for (size_t i = 0; i < series.values.size(); i++) {
    if (!series.values[i]) continue;
    uint64_t start = (series.first + i) * series.interval_ns;
    Value value{*series.values[i]};
    if (series.is_signed) value = {static_cast<int64_t>(*series.values[i])};
    if (out.size() > 1) out += ",";
    out +=
        fmt::format("{{\"interval_start\":\"{}{}\",\"value\":{}}}",
                    time_of(start, "%Y-%m-%d %H:%M:%S", false), fraction(start, 9), json_of(value));
  }
  return out + "]";
}

}  // namespace gimlet::runtime
