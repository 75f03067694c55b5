#include "ast/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace gimlet::ast {
namespace {

constexpr uint32_t kMaxWidth = 65536;

// Reads one specification after its `%`.
class SpecReader {
 public:
  explicit SpecReader(std::string_view text) : text_(text) {}

  // False if the text does not start a complete specification.
  bool read(FormatPiece& piece) {
    piece.left = take('-');
    piece.plus = take('+');
    take(' ');
    piece.alternate = take('#');
    piece.zero = take('0');
    piece.width = number();
    if (take('.')) number();
    read_length(piece);
    return read_conversion(piece);
  }
  size_t used() const { return at_; }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    at_++;
    return true;
  }
  bool take(std::string_view word) {
    if (!text_.substr(std::min(at_, text_.size())).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  // `*` is accepted and takes no argument.
  uint32_t number() {
    if (take('*')) return 0;
    uint32_t value = 0;
    while (std::isdigit(static_cast<unsigned char>(peek()))) {
      value = std::min(kMaxWidth, value * 10 + static_cast<uint32_t>(text_[at_++] - '0'));
    }
    return value;
  }
  void read_length(FormatPiece& piece) {
    if (take("hh")) {
      piece.length = FormatLength::Char;
    } else if (take("h")) {
      piece.length = FormatLength::Short;
    } else if (take("ll") || take("l") || take("L") || take("j") || take("z") || take("t")) {
      piece.length = FormatLength::Long;
    }
  }
  bool read_conversion(FormatPiece& piece) {
    for (std::string_view two : {"rx", "rh", "gr"}) {
      if (take(two)) {
        piece.conversion = two;
        return true;
      }
    }
    constexpr std::string_view kSingle = "diuoxXcpsrfFeEgGaAn%";
    if (at_ >= text_.size() || kSingle.find(peek()) == std::string_view::npos) return false;
    piece.conversion = std::string(1, text_[at_++]);
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
};

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

}  // namespace

std::vector<FormatPiece> parse_format(std::string_view format) {
  std::vector<FormatPiece> pieces;
  std::string literal;
  for (size_t i = 0; i < format.size(); i++) {
    FormatPiece piece;
    SpecReader reader(format.substr(std::min(i + 1, format.size())));
    if (format[i] != '%' || !reader.read(piece)) {
      literal += format[i];
      continue;
    }
    piece.specification = format.substr(i, reader.used() + 1);
    i += reader.used();
    if (piece.conversion == "%") {
      literal += '%';
      continue;
    }
    piece.literal = std::move(literal);
    literal.clear();
    pieces.push_back(std::move(piece));
  }
  FormatPiece rest;
  rest.literal = std::move(literal);
  pieces.push_back(std::move(rest));
  return pieces;
}

bool is_unsupported_conversion(std::string_view conversion) {
  constexpr std::string_view kUnsupported = "fFeEgGaAn";
  return conversion.size() == 1 && kUnsupported.find(conversion[0]) != std::string_view::npos;
}

bool accepts(std::string_view conversion, const Type& type) {
  if (conversion == "s") return !type.is(TypeKind::Void) && type.known();
  if (conversion[0] == 'r') return type.is(TypeKind::Buffer);
  bool number = type.is(TypeKind::Integer) || type.is(TypeKind::Enum) || type.is(TypeKind::Pointer);
  return number || (conversion != "gr" && type.is(TypeKind::Bool));
}

std::string format_integer(const FormatPiece& piece, uint64_t bits) {
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

void append_padded(std::string& out, const FormatPiece& piece, const std::string& text) {
  size_t padding = piece.width > text.size() ? piece.width - text.size() : 0;
  char fill = piece.zero ? '0' : ' ';
  if (!piece.left) out.append(padding, fill);
  out += text;
  if (piece.left) out.append(padding, fill);
}

}  // namespace gimlet::ast
