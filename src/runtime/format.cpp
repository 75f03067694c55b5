#include "runtime/format.h"

#include <fmt/format.h>

#include <optional>

#include "runtime/value_text.h"

namespace gimlet::runtime {
namespace {

using ast::FormatPiece;

std::optional<uint64_t> integer_bits(const Value& value) {
  if (auto* v = std::get_if<int64_t>(&value.data)) return static_cast<uint64_t>(*v);
  if (auto* v = std::get_if<uint64_t>(&value.data)) return *v;
  if (auto* v = std::get_if<bool>(&value.data)) return *v;
  if (auto* v = std::get_if<Pointer>(&value.data)) return v->address;
  if (auto* v = std::get_if<EnumValue>(&value.data)) return static_cast<uint64_t>(v->number);
  return std::nullopt;
}

std::string convert(const FormatPiece& piece, const Value& value) {
  if (piece.conversion == "s") return text_of(value);
  if (piece.conversion[0] == 'r') {
    auto* buffer = std::get_if<Bytes>(&value.data);
    if (!buffer) return fmt::format("!{{invalid buffer conversion: {}}}", text_of(value));
    BufferStyle style = piece.conversion == "rx"   ? BufferStyle::Escaped
                        : piece.conversion == "rh" ? BufferStyle::Hex
                                                   : BufferStyle::Printable;
    return buffer_text(buffer->bytes, style);
  }
  std::optional<uint64_t> bits = integer_bits(value);
  if (!bits) return fmt::format("!{{invalid integer conversion: {}}}", text_of(value));
  return ast::format_integer(piece, *bits);
}

}  // namespace

void append_formatted(std::string& out, std::span<const FormatPiece> pieces,
                      std::span<const Value> arguments) {
  size_t next = 0;
  for (const FormatPiece& piece : pieces) {
    out += piece.literal;
    if (piece.conversion.empty()) continue;
    if (next >= arguments.size()) {
      out += "!{missing argument}";
      continue;
    }
    const Value& value = arguments[next++];
    if (piece.conversion == "s" && piece.width == 0) {
      append_text(out, value);
    } else {
      ast::append_padded(out, piece, convert(piece, value));
    }
  }
}

}  // namespace gimlet::runtime
