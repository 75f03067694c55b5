#include "runtime/value_text.h"

#include <fmt/format.h>

#include <iterator>

namespace gimlet::runtime {
namespace {

template <typename List>
void append_list(std::string& out, const List& elements, std::string_view separator) {
  bool first = true;
  for (const Value& element : elements) {
    if (!first) out += separator;
    first = false;
    append_text(out, element);
  }
}

struct TextWriter {
  std::string& out;

  void operator()(std::monostate) { out += "null"; }
  void operator()(int64_t v) { fmt::format_to(std::back_inserter(out), "{}", v); }
  void operator()(uint64_t v) { fmt::format_to(std::back_inserter(out), "{}", v); }
  void operator()(bool v) { out += v ? "true" : "false"; }
  void operator()(const std::string& v) { out += v; }
  void operator()(const Pointer& v) { fmt::format_to(std::back_inserter(out), "{:#x}", v.address); }
  void operator()(const EnumValue& v) {
    if (v.name.empty()) {
      (*this)(v.number);
    } else {
      out += v.name;
    }
  }
  void operator()(const Bytes& v) { out += buffer_text(v.bytes, BufferStyle::Printable); }
  void operator()(const Array& v) {
    out += '[';
    append_list(out, v.elements, ",");
    out += ']';
  }
  void operator()(const TupleValue& v) {
    out += '(';
    append_list(out, v.elements, ", ");
    out += ')';
  }
  void operator()(const StructValue& v) {
    out += '{';
    const char* separator = " ";
    for (const Member& member : v.members) {
      out += separator;
      out += '.';
      out += member.name;
      out += " = ";
      append_text(out, member.value);
      separator = ", ";
    }
    out += v.members.empty() ? "}" : " }";
  }
  void operator()(const StatsValue& v) {
    auto number = [&](int64_t n) {
      return v.is_signed ? fmt::format("{}", n) : fmt::format("{}", static_cast<uint64_t>(n));
    };
    out += fmt::format("{{ .count = {}, .average = {}, .total = {} }}", v.count, number(v.average),
                       number(v.total));
  }
  // Histograms and time series are shown as whole maps only; see histogram.h, time_series.h.
  void operator()(const HistogramValue&) { out += "null"; }
  void operator()(const SeriesValue&) { out += "null"; }
  void operator()(const Text& v) { out += v.text; }
};

}  // namespace

void append_text(std::string& out, const Value& value) { std::visit(TextWriter{out}, value.data); }

std::string text_of(const Value& value) {
  std::string out;
  append_text(out, value);
  return out;
}

std::string key_text(const Value& key) {
  std::string out;
  if (auto* tuple = std::get_if<TupleValue>(&key.data)) {
    append_list(out, tuple->elements, ", ");
  } else {
    append_text(out, key);
  }
  return out;
}

std::string buffer_text(const std::string& bytes, BufferStyle style) {
  std::string out;
  for (unsigned char c : bytes) {
    if (style == BufferStyle::Hex) {
      if (!out.empty()) out += ' ';
      fmt::format_to(std::back_inserter(out), "{:02x}", c);
    } else if (style == BufferStyle::Printable && c >= 32 && c <= 126) {
      out += static_cast<char>(c);
    } else {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", c);
    }
  }
  return out;
}

Value divided(const Value& value, uint64_t div) {
  if (div <= 1) return value;
  Value result = value;
  // A divisor beyond int64 is larger than any signed value.
  auto divide_signed = [&](int64_t v) {
    return div > INT64_MAX ? 0 : v / static_cast<int64_t>(div);
  };
  if (auto* v = std::get_if<int64_t>(&result.data)) *v = divide_signed(*v);
  if (auto* v = std::get_if<uint64_t>(&result.data)) *v /= div;
  if (auto* v = std::get_if<StatsValue>(&result.data)) {
    v->average = v->is_signed ? divide_signed(v->average)
                              : static_cast<int64_t>(static_cast<uint64_t>(v->average) / div);
  }
  auto* histogram = std::get_if<HistogramValue>(&result.data);
  if (histogram && histogram->type.is(ast::TypeKind::Hist)) {
    for (uint64_t& count : histogram->buckets) count /= div;
  }
  return result;
}

}  // namespace gimlet::runtime
