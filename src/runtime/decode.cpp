#include "runtime/decode.h"

#include <algorithm>
#include <utility>

#include "ast/string_size.h"
#include "runtime/address_text.h"
#include "runtime/clock_text.h"
#include "runtime/stack_text.h"

namespace gimlet::runtime {
namespace {

using ast::Type;
using ast::TypeKind;

// Structures refer to each other by name; a damaged image must not send us round in circles.
constexpr int kMaxDepth = 32;

Value integer_value(uint64_t bits, bool is_signed) {
  if (is_signed) return {static_cast<int64_t>(bits)};
  return {bits};
}

class Decoder {
 public:
  explicit Decoder(const DecodeContext& context) : context_(context) {}

  std::optional<Value> decode(const Type& type, ByteSpan bytes);
  // A string of at most `capacity` bytes of which those in `bytes` were sent.
  Value string(const Type& type, ByteSpan bytes) const;

 private:
  std::optional<Value> decode_known(const Type& type, ByteSpan bytes);
  Value enumeration(const Type& type, ByteSpan bytes) const;
  std::optional<Value> array(const Type& type, ByteSpan bytes);
  std::optional<Value> tuple(const Type& type, ByteSpan bytes);
  std::optional<Value> structure(const Type& type, ByteSpan bytes);
  Value member(const ast::Field& field, ByteSpan bytes);
  std::optional<Value> stack(const Type& type, ByteSpan bytes) const;
  Value timestamp(ByteSpan bytes) const;
  Value cgroup_path(ByteSpan bytes) const;
  static std::optional<Value> buffer(ByteSpan bytes);
  static Value stats(const Type& type, ByteSpan bytes);

  const DecodeContext& context_;
  int depth_ = 0;
};

std::optional<Value> Decoder::decode(const Type& type, ByteSpan bytes) {
  if (bytes.size() < type.size || depth_ >= kMaxDepth) return std::nullopt;
  depth_++;
  std::optional<Value> value = decode_known(type, bytes.first(type.size));
  depth_--;
  return value;
}

std::optional<Value> Decoder::decode_known(const Type& type, ByteSpan bytes) {
  switch (type.kind) {
    case TypeKind::Integer:
    case TypeKind::Count:
    case TypeKind::Sum:
    case TypeKind::Min:
    case TypeKind::Max:
    case TypeKind::Avg: {
      bool is_signed = type.is_signed || type.is(TypeKind::Count);
      return integer_value(read_integer(bytes, type.size, is_signed), is_signed);
    }
    case TypeKind::Bool: return Value{read_integer(bytes, type.size, false) != 0};
    case TypeKind::Enum: return enumeration(type, bytes);
    case TypeKind::String: return string(type, bytes);
    case TypeKind::Buffer: return buffer(bytes);
    case TypeKind::Pointer: return Value{Pointer{read_integer(bytes, type.size, false)}};
    case TypeKind::Array: return array(type, bytes);
    case TypeKind::Tuple:
    case TypeKind::Record: return tuple(type, bytes);
    case TypeKind::Struct: return structure(type, bytes);
    case TypeKind::KernelStack:
    case TypeKind::UserStack: return stack(type, bytes);
    case TypeKind::KernelSymbol:
      if (bytes.size() < 8) return std::nullopt;
      return Value{Text{kernel_symbol_text(context_.symbols, read_at<uint64_t>(bytes, 0))}};
    case TypeKind::UserSymbol:
      if (bytes.size() < 16) return std::nullopt;
      return Value{Text{user_symbol_text(context_.symbols, read_at<uint64_t>(bytes, 8),
                                         read_at<uint64_t>(bytes, 0))}};
    case TypeKind::Username:
      return Value{Text{context_.symbols.user_name(read_integer(bytes, type.size, false))}};
    case TypeKind::Timestamp:
      if (bytes.size() < 16) return std::nullopt;
      return timestamp(bytes);
    case TypeKind::Inet:
    case TypeKind::MacAddress: return Value{Text{address_text(type, bytes)}};
    case TypeKind::CgroupPath:
      if (bytes.size() < 16) return std::nullopt;
      return cgroup_path(bytes);
    case TypeKind::Stats:
      if (bytes.size() < 16) return std::nullopt;
      return stats(type, bytes);
    case TypeKind::None:
    case TypeKind::Void:
    case TypeKind::Hist:
    case TypeKind::LHist:
    case TypeKind::TSeries: return std::nullopt;
  }
  return std::nullopt;
}

Value Decoder::string(const Type& type, ByteSpan bytes) const {
  const size_t capacity = type.size;
  size_t shown = std::min(bytes.size(), capacity);
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  if (shown == 0) return {std::string()};
  if (const void* nul = std::memchr(text, 0, shown)) {
    return {std::string(text, static_cast<size_t>(static_cast<const char*>(nul) - text))};
  }
  if (shown < capacity || type.length > 0) return {std::string(text, shown)};
  // No NUL in a full string: it was cut.
  if (ast::last_byte_gives_way(capacity, context_.image.config.max_strlen)) shown--;
  return {std::string(text, shown) + context_.image.config.str_trunc_trailer};
}

Value Decoder::enumeration(const Type& type, ByteSpan bytes) const {
  auto number = static_cast<int64_t>(read_integer(bytes, type.size, type.is_signed));
  EnumValue value{"", number};
  auto layout = context_.image.enums.find(type.name);
  if (layout != context_.image.enums.end()) {
    for (const auto& [name, known] : layout->second.values) {
      if (known == number) return {EnumValue{name, number}};
    }
  }
  return {value};
}

std::optional<Value> Decoder::array(const Type& type, ByteSpan bytes) {
  if (!type.element) return std::nullopt;
  Array result;
  size_t stride = type.element->size;
  for (uint32_t i = 0; i < type.length; i++) {
    if (stride == 0 || (i + 1) * stride > bytes.size()) return std::nullopt;
    std::optional<Value> element = decode(*type.element, bytes.subspan(i * stride));
    if (!element) return std::nullopt;
    result.elements.push_back(std::move(*element));
  }
  return Value{std::move(result)};
}

std::optional<Value> Decoder::tuple(const Type& type, ByteSpan bytes) {
  if (!type.fields) return std::nullopt;
  TupleValue tuple_value;
  StructValue record;
  for (const ast::TupleField& field : *type.fields) {
    if (field.offset > bytes.size()) return std::nullopt;
    std::optional<Value> element = decode(*field.type, bytes.subspan(field.offset));
    if (!element) return std::nullopt;
    if (type.is(TypeKind::Record)) {
      record.members.push_back({field.name, std::move(*element)});
    } else {
      tuple_value.elements.push_back(std::move(*element));
    }
  }
  if (type.is(TypeKind::Record)) return Value{std::move(record)};
  return Value{std::move(tuple_value)};
}

std::optional<Value> Decoder::structure(const Type& type, ByteSpan bytes) {
  auto layout = context_.image.structs.find(type.name);
  if (layout == context_.image.structs.end()) return Value{};
  StructValue result;
  for (const ast::Field& field : layout->second.fields) {
    result.members.push_back({field.name, member(field, bytes)});
  }
  return Value{std::move(result)};
}

// A member whose type the language cannot show, or that lies outside, is null.
Value Decoder::member(const ast::Field& field, ByteSpan bytes) {
  if (field.offset > bytes.size()) return {};
  ByteSpan rest = bytes.subspan(field.offset);
  if (field.bit_width == 0) return decode(field.type, rest).value_or(Value{});
  // At most 9 bytes hold a bitfield of 64 bits that starts inside a byte.
  size_t end_bit = size_t{field.bit_offset} + field.bit_width;
  if (field.bit_width > 64 || end_bit > rest.size() * 8) return {};
  uint64_t bits = 0;
  for (uint32_t i = 0; i < field.bit_width; i++) {
    size_t at = size_t{field.bit_offset} + i;
    bits |= static_cast<uint64_t>((rest[at / 8] >> (at % 8)) & 1) << i;
  }
  bool negative = field.type.is_signed && field.bit_width < 64 && (bits >> (field.bit_width - 1));
  if (negative) bits |= ~0ULL << field.bit_width;
  if (field.type.is(TypeKind::Bool)) return {bits != 0};
  return integer_value(bits, field.type.is_signed);
}

std::optional<Value> Decoder::stack(const Type& type, ByteSpan bytes) const {
  bool user = type.is(TypeKind::UserStack);
  size_t head = user ? 16 : 8;
  if (bytes.size() < head) return std::nullopt;
  uint64_t count = std::min<uint64_t>(read_at<uint64_t>(bytes, 0), (bytes.size() - head) / 8);
  std::vector<uint64_t> frames(count);
  if (count > 0) std::memcpy(frames.data(), bytes.data() + head, count * 8);
  if (!user) return Value{Text{kernel_stack_text(context_.symbols, type.stack_mode, frames)}};
  uint64_t pid = read_at<uint64_t>(bytes, 8);
  context_.symbols.notice(pid);
  return Value{Text{user_stack_text(context_.symbols, type.stack_mode, pid, frames)}};
}

Value Decoder::timestamp(ByteSpan bytes) const {
  uint32_t event = read_at<uint32_t>(bytes, 8);
  uint32_t clock = std::min<uint32_t>(read_at<uint32_t>(bytes, 12),
                                      static_cast<uint32_t>(ast::Clock::SoftwareTai));
  if (event >= context_.image.events.size()) return {Text{"(?)"}};
  return {Text{timestamp_text(context_.image.events[event].format, read_at<uint64_t>(bytes, 0),
                              static_cast<ast::Clock>(clock), context_.boot_offset_ns,
                              context_.image.config.max_strlen)}};
}

Value Decoder::cgroup_path(ByteSpan bytes) const {
  uint64_t event = read_at<uint64_t>(bytes, 8);
  if (event >= context_.image.events.size()) return {Text{}};
  const std::string& pattern = context_.image.events[event].format;
  return {Text{context_.symbols.cgroup_path(read_at<uint64_t>(bytes, 0), pattern)}};
}

std::optional<Value> Decoder::buffer(ByteSpan bytes) {
  if (bytes.size() < 4) return std::nullopt;
  size_t length = std::min<size_t>(read_at<uint32_t>(bytes, 0), bytes.size() - 4);
  return Value{Bytes{std::string(reinterpret_cast<const char*>(bytes.data()) + 4, length)}};
}

Value Decoder::stats(const Type& type, ByteSpan bytes) {
  StatsValue value;
  value.is_signed = type.is_signed;
  value.total = read_at<int64_t>(bytes, 0);
  value.count = read_at<int64_t>(bytes, 8);
  if (value.count > 0) {
    value.average = value.is_signed ? value.total / value.count
                                    : static_cast<int64_t>(static_cast<uint64_t>(value.total) /
                                                           static_cast<uint64_t>(value.count));
  }
  return {value};
}

}  // namespace

uint64_t read_integer(ByteSpan bytes, size_t size, bool is_signed) {
  if (bytes.size() < size) return 0;
  switch (size) {
    case 1: {
      auto v = read_at<uint8_t>(bytes, 0);
      return is_signed ? static_cast<uint64_t>(static_cast<int8_t>(v)) : v;
    }
    case 2: {
      auto v = read_at<uint16_t>(bytes, 0);
      return is_signed ? static_cast<uint64_t>(static_cast<int16_t>(v)) : v;
    }
    case 4: {
      auto v = read_at<uint32_t>(bytes, 0);
      return is_signed ? static_cast<uint64_t>(static_cast<int32_t>(v)) : v;
    }
    case 8: return read_at<uint64_t>(bytes, 0);
    default: return 0;
  }
}

std::optional<Value> decode(const Type& type, ByteSpan bytes, const DecodeContext& context) {
  return Decoder(context).decode(type, bytes);
}

std::optional<std::vector<Value>> decode_fields(const ast::EventPlan& plan, ByteSpan record,
                                                const DecodeContext& context) {
  if (record.size() < plan.fixed_size) return std::nullopt;
  Decoder decoder(context);
  std::vector<Value> values;
  values.reserve(plan.fields.size());
  size_t tail = plan.fixed_size;
  for (const ast::EventField& field : plan.fields) {
    if (field.offset > record.size()) return std::nullopt;
    ByteSpan rest = record.subspan(field.offset);
    if (!field.variable) {
      std::optional<Value> value = decoder.decode(field.type, rest);
      if (!value) return std::nullopt;
      values.push_back(std::move(*value));
      continue;
    }
    if (rest.size() < 4) return std::nullopt;
    size_t length = read_at<uint32_t>(rest, 0);
    if (length > record.size() - tail) return std::nullopt;
    values.push_back(decoder.string(field.type, record.subspan(tail, length)));
    tail += length;
  }
  return values;
}

}  // namespace gimlet::runtime
