// Format strings of printf and its kin (probes-and-stdlib B6), taken apart. Sema checks the pieces
// against the arguments; the runtime formats values by them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ast/type.h"

namespace gimlet::ast {

enum class FormatLength : uint8_t { None, Char, Short, Long };  // none, hh, h, and all 64-bit ones

struct FormatPiece {
  std::string literal;        // text before the conversion, `%%` already replaced
  std::string specification;  // as it was written: "%-16s"
  std::string conversion;     // "d", "s", "rx", "gr", ...; empty: only text (the last piece)
  bool left = false;          // -
  bool plus = false;          // +
  bool alternate = false;     // #
  bool zero = false;          // 0
  uint32_t width = 0;
  FormatLength length = FormatLength::None;
};

std::vector<FormatPiece> parse_format(std::string_view format);

// Conversions that printf(3) has and the language does not: %f, %e, %n, ...
bool is_unsupported_conversion(std::string_view conversion);
// Whether a value of this type can be printed by the conversion.
bool accepts(std::string_view conversion, const Type& type);

// An integer as the piece says: any conversion but those of strings and buffers.
std::string format_integer(const FormatPiece& piece, uint64_t bits);
// Padding goes to one side of the whole converted text; zeros too, even before a sign or on the
// right of a string. That is what scripts have come to expect.
void append_padded(std::string& out, const FormatPiece& piece, const std::string& text);
// %gr: the kernel's memory allocation flags by name.
std::string gfp_text(uint64_t flags);

}  // namespace gimlet::ast
