#include "runtime/value_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "runtime/histogram.h"
#include "runtime/time_series.h"
#include "runtime/value_text.h"

namespace gimlet::runtime {
namespace {

// Length of the valid UTF-8 sequence at the start of `text` (which starts with a byte >= 0x80), or
// 0. Overlong forms, surrogates and code points above 10ffff are not valid.
size_t utf8_length(std::string_view text) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char first = byte(0);
  size_t length = first >= 0xc2 && first <= 0xdf   ? 2
                  : first >= 0xe0 && first <= 0xef ? 3
                  : first >= 0xf0 && first <= 0xf4 ? 4
                                                   : 0;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; i++) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  unsigned char second = byte(1);
  if (first == 0xe0 && second < 0xa0) return 0;
  if (first == 0xed && second > 0x9f) return 0;
  if (first == 0xf0 && second < 0x90) return 0;
  if (first == 0xf4 && second > 0x8f) return 0;
  return length;
}

// Numbers that a double cannot hold exactly are written as strings.
template <typename Integer>
std::string json_integer(Integer v) {
  double rounded = static_cast<double>(v);
  // 2^63 and 2^64 themselves do not fit back into the integer type.
  constexpr double kLimit =
      std::is_signed_v<Integer> ? 9223372036854775808.0 : 18446744073709551616.0;
  bool exact = rounded < kLimit && static_cast<Integer>(rounded) == v;
  return exact ? fmt::format("{}", v) : fmt::format("\"{}\"", v);
}

template <typename List>
void append_json_list(std::string& out, const List& elements) {
  out += '[';
  for (size_t i = 0; i < elements.size(); i++) {
    if (i) out += ',';
    append_json(out, elements[i]);
  }
  out += ']';
}

struct JsonWriter {
  std::string& out;

  void operator()(std::monostate) { out += "null"; }
  void operator()(int64_t v) { out += json_integer(v); }
  void operator()(uint64_t v) { out += json_integer(v); }
  void operator()(bool v) { out += v ? "true" : "false"; }
  void operator()(const std::string& v) { out += json_string(v); }
  void operator()(const Pointer& v) { out += json_integer(v.address); }
  void operator()(const EnumValue& v) { out += json_integer(v.number); }
  void operator()(const Bytes& v) {
    out += '[';
    for (size_t i = 0; i < v.bytes.size(); i++) {
      if (i) out += ',';
      fmt::format_to(std::back_inserter(out), "{}",
                     static_cast<int>(static_cast<signed char>(v.bytes[i])));
    }
    out += ']';
  }
  void operator()(const Array& v) { append_json_list(out, v.elements); }
  void operator()(const TupleValue& v) { append_json_list(out, v.elements); }
  void operator()(const StructValue& v) {
    out += '{';
    for (size_t i = 0; i < v.members.size(); i++) {
      if (i) out += ", ";
      out += json_string(v.members[i].name) + ": ";
      append_json(out, v.members[i].value);
    }
    out += '}';
  }
  void operator()(const StatsValue& v) {
    auto number = [&](int64_t n) {
      return v.is_signed ? json_integer(n) : json_integer(static_cast<uint64_t>(n));
    };
    out += fmt::format("{{\"count\": {}, \"average\": {}, \"total\": {}}}", json_integer(v.count),
                       number(v.average), number(v.total));
  }
  void operator()(const HistogramValue& v) { out += histogram_json(v); }
  void operator()(const SeriesValue& v) { out += series_json(v); }
  void operator()(const Text& v) { out += json_string(v.text); }
};

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (size_t i = 0; i < text.size(); i++) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text[i];
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c < 0x20) {
      out += fmt::format("\\u{:04x}", c);
    } else if (c < 0x80) {
      out += text[i];
    } else if (size_t length = utf8_length(text.substr(i))) {
      out += text.substr(i, length);
      i += length - 1;
    } else {
      out += "\\ufffd";
    }
  }
  return out + '"';
}

void append_json(std::string& out, const Value& value) { std::visit(JsonWriter{out}, value.data); }

std::string json_of(const Value& value) {
  std::string out;
  append_json(out, value);
  return out;
}

std::string json_key(const Value& key, bool exact) {
  std::string text = key_text(key);
  if (!exact) text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  return json_string(text);
}

}  // namespace gimlet::runtime
