#include "runtime/map_view.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "runtime/histogram.h"
#include "runtime/time_series.h"

namespace gimlet::runtime {
namespace {

using ast::MapPlan;
using ast::Type;
using ast::TypeKind;

// One line of the view before it is decoded.
struct Row {
  uint64_t order = 0;  // rank of the value; equal for types that are sorted by key
  size_t index = 0;    // of the entry, or of the histogram
};

// Numbers as unsigned ones of the same order.
uint64_t rank(uint64_t bits, bool is_signed) { return is_signed ? bits ^ (1ULL << 63) : bits; }

uint64_t word(ByteSpan slot, size_t offset) {
  return offset + 8 <= slot.size() ? read_at<uint64_t>(slot, offset) : 0;
}

// Sum over the CPUs of two words of a slot.
struct Merged {
  uint64_t first = 0;
  uint64_t second = 0;
};

Merged sum_slots(const RawEntries& entries, ByteSpan value) {
  Merged sum;
  for (uint32_t cpu = 0; cpu < entries.slots; cpu++) {
    ByteSpan slot = value.subspan(size_t{cpu} * entries.slot_size, entries.slot_size);
    sum.first += word(slot, 0);
    sum.second += word(slot, 8);
  }
  return sum;
}

uint64_t extreme(const Type& type, const RawEntries& entries, ByteSpan value) {
  bool found = false;
  uint64_t best = 0;
  for (uint32_t cpu = 0; cpu < entries.slots; cpu++) {
    ByteSpan slot = value.subspan(size_t{cpu} * entries.slot_size, entries.slot_size);
    if (word(slot, 8) == 0) continue;
    uint64_t v = word(slot, 0);
    uint64_t mine = rank(v, type.is_signed);
    uint64_t theirs = rank(best, type.is_signed);
    if (!found || (type.is(TypeKind::Min) ? mine < theirs : mine > theirs)) best = v;
    found = true;
  }
  return best;
}

int64_t average(const Merged& sum, bool is_signed) {
  if (sum.second == 0) return 0;
  if (!is_signed) return static_cast<int64_t>(sum.first / sum.second);
  if (sum.second > INT64_MAX) return 0;
  return static_cast<int64_t>(sum.first) / static_cast<int64_t>(sum.second);
}

Value number(uint64_t bits, bool is_signed) {
  if (is_signed) return {static_cast<int64_t>(bits)};
  return {bits};
}

// Adds the counters of one entry to a histogram: all buckets of a scalar, one of a keyed map.
void add_buckets(std::vector<uint64_t>& buckets, const MapPlan& plan, const RawEntries& entries,
                 size_t index) {
  ByteSpan value = entries.value(index);
  if (plan.storage == ast::MapStorage::PerCpuScalar) {
    for (uint32_t cpu = 0; cpu < entries.slots; cpu++) {
      ByteSpan slot = value.subspan(size_t{cpu} * entries.slot_size, entries.slot_size);
      for (size_t i = 0; i < buckets.size(); i++) buckets[i] += word(slot, i * 8);
    }
    return;
  }
  uint64_t bucket = word(entries.key(index), ast::bucket_offset(plan));
  if (bucket < buckets.size()) buckets[bucket] += sum_slots(entries, value).first;
}

std::string_view user_key(const MapPlan& plan, const RawEntries& entries, size_t index) {
  ByteSpan key = entries.key(index);
  size_t size = plan.is_keyed() ? std::min<size_t>(plan.key.size, key.size()) : 0;
  return {reinterpret_cast<const char*>(key.data()), size};
}

ByteSpan as_bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

uint64_t value_rank(const MapPlan& plan, const RawEntries& entries, size_t index) {
  const Type& type = plan.value;
  ByteSpan value = entries.value(index);
  switch (type.kind) {
    case TypeKind::Integer:
      return rank(read_integer(value, type.size, type.is_signed), type.is_signed);
    case TypeKind::Count: return sum_slots(entries, value).first;
    case TypeKind::Sum: return rank(sum_slots(entries, value).first, type.is_signed);
    case TypeKind::Min:
    case TypeKind::Max: return rank(extreme(type, entries, value), type.is_signed);
    case TypeKind::Avg:
    case TypeKind::Stats:
      return rank(static_cast<uint64_t>(average(sum_slots(entries, value), type.is_signed)),
                  type.is_signed);
    default: return 0;
  }
}

template <typename KeyOf>
void sort_rows(std::vector<Row>& rows, const MapPlan& plan, uint64_t top, KeyOf key_of) {
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    if (a.order != b.order) return a.order < b.order;
    return compare_keys(plan.key, as_bytes(key_of(a)), as_bytes(key_of(b))) < 0;
  });
  if (top > 0 && top < rows.size()) {
    rows.erase(rows.begin(), rows.end() - static_cast<ptrdiff_t>(top));
  }
}

Value decode_key(const MapPlan& plan, std::string_view key, const DecodeContext& context) {
  if (!plan.is_keyed()) return {};
  return decode(plan.key, as_bytes(key), context).value_or(Value{});
}

// What the entries of a view are decoded from.
struct Contents {
  const MapPlan& plan;
  RawEntries entries;
  DecodeContext context;
};

std::vector<size_t> numbers_of(const std::vector<Row>& rows) {
  std::vector<size_t> numbers;
  numbers.reserve(rows.size());
  for (const Row& row : rows) numbers.push_back(row.index);
  return numbers;
}

// Entries of the kernel's map that belong to one key of the user's, and what they come to.
template <typename Content>
struct Group {
  std::string_view key;
  Content content;
};

// Calls add(content, entry number) for each entry, with the content of its key.
template <typename Content, typename Add>
std::vector<Group<Content>> group_by_key(const Contents& from, const Content& empty, Add add) {
  std::vector<Group<Content>> groups;
  std::unordered_map<std::string_view, size_t> by_key;
  for (size_t i = 0; i < from.entries.count; i++) {
    std::string_view key = user_key(from.plan, from.entries, i);
    auto [at, is_new] = by_key.emplace(key, groups.size());
    if (is_new) groups.push_back({key, empty});
    add(groups[at->second].content, i);
  }
  return groups;
}

void add_histograms(MapView& view, std::shared_ptr<Contents> from, uint64_t top) {
  HistogramValue empty{from->plan.value,
                       std::vector<uint64_t>(ast::bucket_count(from->plan.value))};
  auto groups = group_by_key(*from, empty, [&](HistogramValue& histogram, size_t i) {
    add_buckets(histogram.buckets, from->plan, from->entries, i);
  });
  std::vector<Row> rows;
  for (size_t i = 0; i < groups.size(); i++) rows.push_back({total_samples(groups[i].content), i});
  sort_rows(rows, from->plan, top, [&](const Row& row) { return groups[row.index].key; });
  view.order = numbers_of(rows);
  view.decode = [from, groups = std::move(groups)](size_t number) -> MapView::Entry {
    const auto& group = groups[number];
    return {decode_key(from->plan, group.key, from->context), Value{group.content}};
  };
}

// Series of the same map share their end: the newest interval that any key has.
void add_series(MapView& view, std::shared_ptr<Contents> from, uint64_t top) {
  uint64_t newest = 0;
  using Intervals = std::vector<IntervalValue>;
  auto groups = group_by_key(*from, Intervals{}, [&](Intervals& intervals, size_t i) {
    auto value = merge_interval(from->plan.value, from->entries.value(i));
    if (!value) return;
    intervals.push_back(*value);
    newest = std::max(newest, value->interval);
  });
  std::vector<Row> rows(groups.size());
  for (size_t i = 0; i < groups.size(); i++) rows[i].index = i;
  sort_rows(rows, from->plan, top, [&](const Row& row) { return groups[row.index].key; });
  view.order = numbers_of(rows);
  view.decode = [from, newest, groups = std::move(groups)](size_t number) -> MapView::Entry {
    const auto& group = groups[number];
    return {decode_key(from->plan, group.key, from->context),
            Value{make_series(from->plan.value, group.content, newest)}};
  };
}

void add_values(MapView& view, std::shared_ptr<Contents> from, uint64_t top) {
  std::vector<Row> rows(from->entries.count);
  for (size_t i = 0; i < rows.size(); i++) rows[i] = {value_rank(from->plan, from->entries, i), i};
  sort_rows(rows, from->plan, top,
            [&](const Row& row) { return user_key(from->plan, from->entries, row.index); });
  view.order = numbers_of(rows);
  view.decode = [from](size_t number) -> MapView::Entry {
    const auto& [plan, entries, context] = *from;
    return {decode_key(plan, user_key(plan, entries, number), context),
            reduce(plan, entries, number, context).value_or(Value{})};
  };
}

int compare_integers(const Type& type, ByteSpan a, ByteSpan b) {
  auto x = static_cast<int64_t>(read_integer(a, type.size, true));
  auto y = static_cast<int64_t>(read_integer(b, type.size, true));
  return x < y ? -1 : x > y;
}

int compare_components(const Type& type, ByteSpan a, ByteSpan b) {
  if (a.size() < type.size || b.size() < type.size) return 0;
  if (type.is(TypeKind::Integer)) return compare_integers(type, a, b);
  if (type.is(TypeKind::String)) {
    return std::strncmp(reinterpret_cast<const char*>(a.data()),
                        reinterpret_cast<const char*>(b.data()), type.size);
  }
  if (!type.fields) return 0;
  for (const ast::TupleField& field : *type.fields) {
    if (field.offset > a.size() || field.offset > b.size()) return 0;
    int order = compare_components(*field.type, a.subspan(field.offset), b.subspan(field.offset));
    if (order != 0) return order;
  }
  return 0;
}

}  // namespace

int compare_keys(const Type& type, ByteSpan a, ByteSpan b) {
  if (int order = compare_components(type, a, b)) return order;
  size_t common = std::min(a.size(), b.size());
  int order = common == 0 ? 0 : std::memcmp(a.data(), b.data(), common);
  return order != 0 ? order : static_cast<int>(a.size() > b.size()) - (a.size() < b.size());
}

std::optional<Value> reduce(const MapPlan& plan, const RawEntries& entries, size_t index,
                            const DecodeContext& context) {
  const Type& type = plan.value;
  ByteSpan value = entries.value(index);
  switch (type.kind) {
    case TypeKind::Count: return number(sum_slots(entries, value).first, true);
    case TypeKind::Sum: return number(sum_slots(entries, value).first, type.is_signed);
    case TypeKind::Min:
    case TypeKind::Max: return number(extreme(type, entries, value), type.is_signed);
    case TypeKind::Avg: {
      int64_t mean = average(sum_slots(entries, value), type.is_signed);
      return number(static_cast<uint64_t>(mean), type.is_signed);
    }
    case TypeKind::Stats: {
      Merged sum = sum_slots(entries, value);
      return Value{StatsValue{static_cast<int64_t>(sum.second), average(sum, type.is_signed),
                              static_cast<int64_t>(sum.first), type.is_signed}};
    }
    default: return decode(type, value, context);
  }
}

MapView make_view(const MapPlan& plan, RawEntries entries, const DecodeContext& context,
                  const ViewOptions& options) {
  MapView view;
  view.name = plan.name;
  view.keyed = plan.is_keyed();
  view.value_type = plan.value;
  view.div = std::max<uint64_t>(options.div, 1);
  if (entries.count == 0 && !view.keyed && options.zero_if_absent && !plan.is_histogram() &&
      !plan.is_series()) {
    entries.count = 1;
    entries.slots = 1;
    entries.slot_size =
        std::max<uint32_t>(plan.value_size, std::max<uint32_t>(plan.value.size, 16));
    entries.values.resize(entries.slot_size);
  }
  auto from = std::make_shared<Contents>(Contents{plan, std::move(entries), context});
  if (plan.is_histogram()) {
    add_histograms(view, std::move(from), options.top);
  } else if (plan.is_series()) {
    add_series(view, std::move(from), options.top);
  } else {
    add_values(view, std::move(from), options.top);
  }
  return view;
}

}  // namespace gimlet::runtime
