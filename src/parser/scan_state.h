// What the generated scanner keeps while it runs, and the tokens' values.
#pragma once

#include <string>
#include <string_view>

#include "base/source.h"
#include "parser.h"  // generated: token kinds

namespace gimlet::parser {

struct Token {
  int kind = 0;
  base::SourceRange range;
  std::string text;  // name, digits, string contents, raw attach point, or a Bad token's message
};

struct ScanState {
  std::string_view source;
  bool in_body = false;       // ordinary tokens; else attach points
  bool in_predicate = false;  // a `/` before `{` ends it
  size_t offset = 0;          // end of the current token
  size_t begin = 0;           // its start
  std::string value;

  void advance(int length) {
    begin = offset;
    offset += static_cast<size_t>(length);
  }

  int text(int kind, const char* data, int length);
  int bad(std::string message);
  int integer(const char* data, int length);
  int positional(const char* data, int length);
  int string(const char* data, int length);
  // A `#` line outside braces: the shebang (skipped: gives 0 tokens) or a C preprocessor line.
  int directive(const char* data, int length);
  int slash();
};

// Kind of a token that is skipped by the caller.
constexpr int kSkip = -1;

}  // namespace gimlet::parser
