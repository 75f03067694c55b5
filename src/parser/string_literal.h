// String literals (language §1.4): the bytes that a quoted text with escapes stands for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gimlet::parser {

struct StringLiteral {
  std::string value;
  const char* error = nullptr;  // set: the literal is wrong in these bytes of the quoted text
  uint32_t error_begin = 0;
  uint32_t error_end = 0;
};

// `quoted` begins and ends with a double quote.
StringLiteral read_string(std::string_view quoted);

}  // namespace gimlet::parser
