#include "interactive/brackets.h"

#include <algorithm>
#include <cctype>

namespace gimlet::interactive {
namespace {

// The offset behind the quote that closes the string that begins at `at`; strings end with their
// line at the latest.
size_t end_of_string(std::string_view text, size_t at, Brackets& brackets) {
  for (size_t i = at + 1; i < text.size() && text[i] != '\n'; i++) {
    if (text[i] == '\\') {
      i++;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  brackets.in_string = text.find('\n', at) == std::string_view::npos;
  return std::min(text.find('\n', at), text.size());
}

}  // namespace

Brackets read_brackets(std::string_view text) {
  Brackets brackets;
  for (size_t i = 0; i < text.size();) {
    std::string_view rest = text.substr(i);
    if (rest.starts_with("//")) {
      i = std::min(text.find('\n', i), text.size());
    } else if (rest.starts_with("/*")) {
      size_t end = text.find("*/", i + 2);
      brackets.in_comment = end == std::string_view::npos;
      i = brackets.in_comment ? text.size() : end + 2;
    } else if (isspace(static_cast<unsigned char>(text[i]))) {
      i++;
    } else {
      brackets.only_layout = false;
      char c = text[i];
      if (c == '{' || c == '(' || c == '[') brackets.open++;
      if (c == '}' || c == ')' || c == ']') brackets.open = std::max(0, brackets.open - 1);
      i = c == '"' ? end_of_string(text, i, brackets) : i + 1;
    }
  }
  return brackets;
}

}  // namespace gimlet::interactive
