// Value: something a program sent or stored, decoded into plain C++ data. Symbols, times and the
// like are already resolved to text; what is left to decide is only text or JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ast/type.h"

namespace gimlet::runtime {

struct Value;

struct Pointer {
  uint64_t address = 0;
};
struct EnumValue {
  std::string name;  // empty: no enumerator has this value
  int64_t number = 0;
};
struct Bytes {
  std::string bytes;  // buf()
};
struct Array {
  std::vector<Value> elements;
};
struct TupleValue {
  std::vector<Value> elements;
};
struct Member;
struct StructValue {
  std::vector<Member> members;  // in layout order
};
struct StatsValue {
  int64_t count = 0;
  int64_t average = 0;
  int64_t total = 0;
  bool is_signed = true;
};
struct HistogramValue {
  ast::Type type;                 // Hist or LHist, for the bucket bounds
  std::vector<uint64_t> buckets;  // all of them, from index 0
};
// tseries(): values of intervals in a row, from the first that has one to the newest of the map.
struct SeriesValue {
  uint64_t interval_ns = 1;
  bool is_signed = true;
  uint64_t first = 0;  // the first interval starts at first * interval_ns
  std::vector<std::optional<uint64_t>> values;
};
struct Text {
  std::string text;  // symbols, stacks, times, user names: shown as they are, strings in JSON
};

struct Value {
  std::variant<std::monostate, int64_t, uint64_t, bool, std::string, Pointer, EnumValue, Bytes,
               Array, TupleValue, StructValue, StatsValue, HistogramValue, SeriesValue, Text>
      data;
};

struct Member {
  std::string name;
  Value value;
};

}  // namespace gimlet::runtime
