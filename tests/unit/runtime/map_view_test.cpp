#include "runtime/map_view.h"

#include <catch2/catch_test_macros.hpp>
#include <cstring>

#include "fake_symbols.h"
#include "runtime/value_text.h"

using namespace gimlet;
using namespace gimlet::runtime;
using ast::MapStorage;
using ast::TypeKind;

namespace {

void append(std::vector<uint8_t>& bytes, uint64_t value, size_t size = 8) {
  const auto* from = reinterpret_cast<const uint8_t*>(&value);
  bytes.insert(bytes.end(), from, from + size);
}

struct Bench {
  image::Image image;
  FakeSymbols symbols;
  DecodeContext context{image, symbols, 0};
  ast::MapPlan plan;
  RawEntries entries;

  Bench(ast::Type key, ast::Type value, MapStorage storage, uint32_t slot, uint32_t cpus) {
    plan.name = "@x";
    plan.key = key;
    plan.value = value;
    plan.storage = storage;
    plan.key_size = key.size;
    plan.value_size = slot;
    entries.key_size = key.size;
    entries.slot_size = slot;
    entries.slots = cpus;
  }
  // "key:value key:value"
  std::string shown(const ViewOptions& options = {}) {
    std::string out;
    MapView view = make_view(plan, entries, context, options);
    for (size_t i = 0; i < view.size(); i++) {
      MapView::Entry entry = view.entry(i);
      if (!out.empty()) out += ' ';
      if (plan.is_keyed()) out += key_text(entry.key) + ":";
      append_text(out, entry.value);
    }
    return out;
  }
};

}  // namespace

TEST_CASE("Counts are summed over CPUs and sorted", "[runtime][map]") {
  Bench b(ast::integer_type(4, false), ast::aggregate_type(TypeKind::Count, false),
          MapStorage::PerCpuHash, 8, 2);
  for (auto [key, first, second] : {std::tuple{7, 3, 4}, {5, 1, 0}, {9, 2, 5}}) {
    append(b.entries.keys, static_cast<uint64_t>(key), 4);
    append(b.entries.values, static_cast<uint64_t>(first));
    append(b.entries.values, static_cast<uint64_t>(second));
    b.entries.count++;
  }
  CHECK(b.shown() == "5:1 7:7 9:7");
  CHECK(b.shown({2, 1, false}) == "7:7 9:7");
  CHECK(make_view(b.plan, b.entries, b.context, {0, 3, false}).div == 3);
}

TEST_CASE("Extremes count only CPUs that saw a value", "[runtime][map]") {
  for (bool is_min : {true, false}) {
    Bench b({}, ast::aggregate_type(is_min ? TypeKind::Min : TypeKind::Max, true),
            MapStorage::PerCpuScalar, 64, 3);
    b.entries.count = 1;
    for (auto [value, present] : {std::pair{-5LL, 1}, {0LL, 0}, {3LL, 1}}) {
      append(b.entries.values, static_cast<uint64_t>(value));
      append(b.entries.values, static_cast<uint64_t>(present));
      b.entries.values.resize((b.entries.values.size() + 63) / 64 * 64);
    }
    CHECK(b.shown() == (is_min ? "-5" : "3"));
  }
}

TEST_CASE("Averages and statistics", "[runtime][map]") {
  Bench b({}, ast::aggregate_type(TypeKind::Stats, true), MapStorage::PerCpuScalar, 64, 2);
  b.entries.count = 1;
  b.entries.values.resize(128);
  int64_t totals[] = {-10, -1};
  uint64_t numbers[] = {3, 1};
  for (size_t cpu = 0; cpu < 2; cpu++) {
    std::memcpy(b.entries.values.data() + cpu * 64, &totals[cpu], 8);
    std::memcpy(b.entries.values.data() + cpu * 64 + 8, &numbers[cpu], 8);
  }
  CHECK(b.shown() == "{ .count = 4, .average = -2, .total = -11 }");
  b.plan.value.kind = TypeKind::Avg;
  CHECK(b.shown() == "-2");
}

TEST_CASE("A scalar that was never written is shown only on demand", "[runtime][map]") {
  Bench b({}, ast::aggregate_type(TypeKind::Stats, true), MapStorage::PerCpuScalar, 64, 2);
  CHECK(b.shown().empty());
  CHECK(b.shown({0, 1, true}) == "{ .count = 0, .average = 0, .total = 0 }");
  b.plan.value = ast::aggregate_type(TypeKind::Hist, true);
  CHECK(b.shown({0, 1, true}).empty());
}

TEST_CASE("Keys of other values sort by component, integers as signed", "[runtime][map]") {
  ast::Type key = ast::tuple_type({ast::integer_type(8, false), ast::string_type(4)});
  Bench b(key, ast::bool_type(), MapStorage::Hash, 1, 1);
  for (auto [number, text] : {std::pair{2ULL, "b"}, {2ULL, "a"}, {UINT64_MAX, "z"}, {1ULL, "c"}}) {
    std::vector<uint8_t> bytes;
    append(bytes, number);
    bytes.insert(bytes.end(), text, text + strlen(text));
    bytes.resize(key.size);
    b.entries.keys.insert(b.entries.keys.end(), bytes.begin(), bytes.end());
    b.entries.values.push_back(1);
    b.entries.count++;
  }
  CHECK(b.shown() == "18446744073709551615, z:true 1, c:true 2, a:true 2, b:true");
}

TEST_CASE("Integers sort by value with their sign", "[runtime][map]") {
  Bench b(ast::integer_type(4, true), ast::integer_type(4, true), MapStorage::Hash, 4, 1);
  for (auto [key, value] : {std::pair{1, 5}, {2, -5}, {3, 0}, {4, -5}}) {
    append(b.entries.keys, static_cast<uint64_t>(static_cast<uint32_t>(key)), 4);
    append(b.entries.values, static_cast<uint64_t>(static_cast<uint32_t>(value)), 4);
    b.entries.count++;
  }
  CHECK(b.shown() == "2:-5 4:-5 3:0 1:5");
}

TEST_CASE("Buckets of a keyed histogram are gathered by key", "[runtime][map]") {
  ast::Type key = ast::integer_type(4, false);
  Bench b(key, ast::aggregate_type(TypeKind::Hist, true), MapStorage::PerCpuHash, 8, 1);
  b.plan.key_size = b.entries.key_size = 16;
  for (auto [user, bucket, count] : {std::tuple{1, 3, 5}, {2, 3, 1}, {1, 0, 2}, {2, 99999, 8}}) {
    append(b.entries.keys, static_cast<uint64_t>(user), 4);
    append(b.entries.keys, 0, 4);
    append(b.entries.keys, static_cast<uint64_t>(bucket));
    append(b.entries.values, static_cast<uint64_t>(count));
    b.entries.count++;
  }
  MapView view = make_view(b.plan, b.entries, b.context, {});
  REQUIRE(view.size() == 2);
  CHECK(text_of(view.entry(0).key) == "2");
  const MapView::Entry last = view.entry(1);
  const auto& first = std::get<HistogramValue>(last.value.data);
  CHECK(first.buckets[3] == 5);
  CHECK(first.buckets[0] == 2);
}
