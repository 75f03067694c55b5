#include "parser/string_literal.h"

namespace gimlet::parser {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_octal(char c) { return c >= '0' && c <= '7'; }

// Reads the escape that follows a backslash and moves `at` behind it. Returns what is wrong, if so.
const char* read_escape(std::string_view text, size_t& at, std::string& out) {
  char c = at < text.size() ? text[at++] : '\0';
  switch (c) {
    case 'n': out += '\n'; return nullptr;
    case 't': out += '\t'; return nullptr;
    case 'r': out += '\r'; return nullptr;
    case '"':
    case '\\': out += c; return nullptr;
    case 'x':
    case 'X': {
      int value = 0;
      size_t digits = 0;
      for (; digits < 2 && at < text.size() && hex_value(text[at]) >= 0; digits++) {
        value = value * 16 + hex_value(text[at++]);
      }
      out += static_cast<char>(value);
      return digits ? nullptr : "invalid hex escape sequence";
    }
    default: break;
  }
  if (!is_octal(c)) return "invalid escape character";
  int value = c - '0';
  for (size_t digits = 1; digits < 3 && at < text.size() && is_octal(text[at]); digits++) {
    value = value * 8 + (text[at++] - '0');
  }
  out += static_cast<char>(value);
  return value <= 0377 ? nullptr : "octal escape sequence out of range";
}

}  // namespace

StringLiteral read_string(std::string_view quoted) {
  StringLiteral result;
  std::string_view text = quoted.substr(0, quoted.size() - 1);
  for (size_t at = 1; at < text.size();) {
    if (text[at] != '\\') {
      result.value += text[at++];
      continue;
    }
    size_t begin = at++;
    const char* error = read_escape(text, at, result.value);
    if (error && !result.error) {
      result.error = error;
      result.error_begin = static_cast<uint32_t>(begin);
      result.error_end = static_cast<uint32_t>(at);
    }
  }
  return result;
}

}  // namespace gimlet::parser
