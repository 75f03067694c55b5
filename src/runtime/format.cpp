#include "runtime/format.h"

#include <fmt/format.h>

#include <optional>

#include "runtime/value_text.h"

namespace gimlet::runtime {
namespace {

using ast::FormatLength;
using ast::FormatPiece;

std::optional<uint64_t> integer_bits(const Value& value) {
  if (auto* v = std::get_if<int64_t>(&value.data)) return static_cast<uint64_t>(*v);
  if (auto* v = std::get_if<uint64_t>(&value.data)) return *v;
  if (auto* v = std::get_if<bool>(&value.data)) return *v;
  if (auto* v = std::get_if<Pointer>(&value.data)) return v->address;
  if (auto* v = std::get_if<EnumValue>(&value.data)) return static_cast<uint64_t>(v->number);
  return std::nullopt;
}

int64_t cut_signed(uint64_t bits, FormatLength length) {
  switch (length) {
    case FormatLength::None: return static_cast<int32_t>(bits);
    case FormatLength::Char: return static_cast<int8_t>(bits);
    case FormatLength::Short: return static_cast<int16_t>(bits);
    case FormatLength::Long: return static_cast<int64_t>(bits);
  }
  return 0;
}

uint64_t cut_unsigned(uint64_t bits, FormatLength length) {
  switch (length) {
    case FormatLength::None: return static_cast<uint32_t>(bits);
    case FormatLength::Char: return static_cast<uint8_t>(bits);
    case FormatLength::Short: return static_cast<uint16_t>(bits);
    case FormatLength::Long: return bits;
  }
  return 0;
}

std::string convert_integer(const FormatPiece& piece, uint64_t bits) {
  bool prefix = piece.alternate && cut_unsigned(bits, piece.length) != 0;
  switch (piece.conversion[0]) {
    case 'd':
    case 'i': {
      int64_t v = cut_signed(bits, piece.length);
      return piece.plus && v >= 0 ? fmt::format("+{}", v) : fmt::format("{}", v);
    }
    case 'u': return fmt::format("{}", cut_unsigned(bits, piece.length));
    case 'o': return fmt::format("{}{:o}", prefix ? "0" : "", cut_unsigned(bits, piece.length));
    case 'x': return fmt::format("{}{:x}", prefix ? "0x" : "", cut_unsigned(bits, piece.length));
    case 'X': return fmt::format("{}{:X}", prefix ? "0X" : "", cut_unsigned(bits, piece.length));
    case 'c': return std::string(1, static_cast<char>(bits));
    case 'p': return bits == 0 ? "0" : fmt::format("{:#x}", bits);
    default: return gfp_text(bits);
  }
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
  return convert_integer(piece, *bits);
}

// Padding goes to one side of the whole converted text; zeros too, even before a sign or on the
// right of a string. That is what scripts have come to expect.
void append_padded(std::string& out, const FormatPiece& piece, const std::string& text) {
  size_t padding = piece.width > text.size() ? piece.width - text.size() : 0;
  char fill = piece.zero ? '0' : ' ';
  if (!piece.left) out.append(padding, fill);
  out += text;
  if (piece.left) out.append(padding, fill);
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
      append_padded(out, piece, convert(piece, value));
    }
  }
}

}  // namespace gimlet::runtime
