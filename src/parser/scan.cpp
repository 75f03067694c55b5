#include "parser/scan.h"

#include <fmt/format.h>

#include "base/integer.h"
#include "lexer.h"  // generated

namespace gimlet::parser {
namespace {

using T = Grammar::token;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_octal(char c) { return c >= '0' && c <= '7'; }

// Replaces the escapes of language §1.4. Null, or the message of the first bad one.
const char* unescape(std::string_view text, std::string& out) {
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    char c = ++i < text.size() ? text[i] : '\0';
    if (c == 'n' || c == 't' || c == 'r') {
      out += c == 'n' ? '\n' : c == 't' ? '\t' : '\r';
    } else if (c == '"' || c == '\\') {
      out += c;
    } else if (is_octal(c)) {
      int value = 0;
      size_t end = i + 3;
      for (; i < end && i < text.size() && is_octal(text[i]); i++) value = value * 8 + text[i] - '0';
      i--;
      if (value > 0377) return "octal escape sequence out of range";
      out += static_cast<char>(value);
    } else if (c == 'x' || c == 'X') {
      int value = 0, digits = 0;
      while (digits < 2 && i + 1 < text.size() && hex_digit(text[i + 1]) >= 0) {
        value = value * 16 + hex_digit(text[++i]);
        digits++;
      }
      if (digits == 0) return "invalid hex escape sequence";
      out += static_cast<char>(value);
    } else {
      return "invalid escape character";
    }
  }
  return nullptr;
}

// Keeps track of where the scanner is: attach points, a predicate, or a body.
void follow(ScanState& state, int kind, int& depth) {
  switch (kind) {
    case T::PREDICATE:
      state.in_body = state.in_predicate = true;
      break;
    case T::LBRACE:
      state.in_body = true;
      state.in_predicate = false;
      depth++;
      break;
    case T::RBRACE:
      if (depth > 0) depth--;
      if (depth == 0) state.in_body = state.in_predicate = false;
      break;
    case T::END_PREDICATE: state.in_predicate = false; break;
    default: break;
  }
}

}  // namespace

int ScanState::text(int kind, const char* data, int length) {
  value.assign(data, static_cast<size_t>(length));
  return kind;
}

int ScanState::bad(std::string message) {
  value = std::move(message);
  return T::BAD;
}

int ScanState::integer(const char* data, int length) {
  std::string_view digits(data, static_cast<size_t>(length));
  auto number = base::parse_integer(digits, base::IntegerForms::Script);
  if (auto* problem = std::get_if<std::string>(&number)) return bad(*problem);
  return text(T::INTEGER, data, length);
}

int ScanState::positional(const char* data, int length) {
  std::string digits(data + 1, static_cast<size_t>(length) - 1);
  auto index = digits.size() <= 19 ? std::stoull(digits) : 0;
  if (index == 0 || index > INT64_MAX) {
    return bad(fmt::format("param ${} is out of integer range [1, 9223372036854775807]", digits));
  }
  value = digits;
  return T::POSITIONAL;
}

int ScanState::string(const char* data, int length) {
  std::string out;
  std::string_view inner(data + 1, static_cast<size_t>(length) - 2);
  if (const char* problem = unescape(inner, out)) return bad(problem);
  value = std::move(out);
  return T::STRING;
}

int ScanState::directive(const char* data, int length) {
  bool first = source.substr(0, begin).find_first_not_of(" \t\r\n") == std::string_view::npos;
  if (first && length >= 2 && data[1] == '!') return kSkip;
  return bad("C preprocessor lines are not supported yet");
}

// Inside a predicate `/` divides unless the body's brace follows.
int ScanState::slash() {
  size_t next = source.find_first_not_of(" \t\r\n\f\v", offset);
  bool closes = in_predicate && next != std::string_view::npos && source[next] == '{';
  return closes ? static_cast<int>(T::END_PREDICATE) : static_cast<int>(T::SLASH);
}

std::vector<Token> scan(const base::SourceSet& sources, base::FileId file) {
  ScanState state;
  state.source = sources.file(file).text();
  yyscan_t scanner;
  if (gimlet_yylex_init_extra(&state, &scanner) != 0) return {};
  YY_BUFFER_STATE buffer = gimlet_yy_scan_bytes(
      state.source.data(), static_cast<int>(state.source.size()), scanner);

  std::vector<Token> tokens;
  int depth = 0;
  while (int kind = gimlet_yylex(scanner)) {
    if (kind == kSkip) continue;
    base::SourceRange range{file, static_cast<uint32_t>(state.begin),
                            static_cast<uint32_t>(state.offset)};
    tokens.push_back({kind, range, std::move(state.value)});
    state.value.clear();
    follow(state, kind, depth);
  }
  gimlet_yy_delete_buffer(buffer, scanner);
  gimlet_yylex_destroy(scanner);
  return tokens;
}

}  // namespace gimlet::parser
