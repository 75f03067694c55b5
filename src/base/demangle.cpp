#include "base/demangle.h"

#include <cxxabi.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string_view>

#include "base/demangle_rust.h"
#include "base/glob.h"

namespace gimlet::base {
namespace {

constexpr size_t kHashLength = 16;

bool is_rust_hash(std::string_view text) {
  if (text.size() != kHashLength + 3 || !text.starts_with("::h")) return false;
  return std::all_of(text.begin() + 3, text.end(),
                     [](unsigned char c) { return std::isxdigit(c) && !std::isupper(c); });
}

// What may not stand in a symbol's name is written as $CODE$ or as dots.
std::string unescape_rust(std::string_view text) {
  struct Escape {
    const char* code;
    const char* meaning;
  };
  constexpr Escape kEscapes[] = {{"$SP$", "@"},  {"$BP$", "*"},  {"$RF$", "&"},  {"$LT$", "<"},
                                 {"$GT$", ">"},  {"$LP$", "("},  {"$RP$", ")"},  {"$C$", ","},
                                 {"$u20$", " "}, {"$u27$", "'"}, {"$u5b$", "["}, {"$u5d$", "]"},
                                 {"$u7b$", "{"}, {"$u7d$", "}"}, {"$u7e$", "~"}, {"..", "::"}};
  std::string out;
  if (text.starts_with("_$")) text.remove_prefix(1);
  while (!text.empty()) {
    bool found = false;
    for (const Escape& escape : kEscapes) {
      if (!text.starts_with(escape.code)) continue;
      out += escape.meaning;
      text.remove_prefix(std::string_view(escape.code).size());
      // A part of the path that begins with an escape has an underscore before it.
      if (escape.meaning == std::string_view("::") && text.starts_with("_$")) text.remove_prefix(1);
      found = true;
      break;
    }
    if (found) continue;
    out += text.front();
    text.remove_prefix(1);
    if (out.ends_with("::") && text.starts_with("_$")) text.remove_prefix(1);
  }
  return out;
}

// The opening bracket that belongs to the closing one at `close`; npos if there is none.
size_t opening(const std::string& text, size_t close) {
  int depth = 0;
  for (size_t i = close + 1; i-- > 0;) {
    if (text[i] == ')') depth++;
    if (text[i] == '(' && --depth == 0) return i;
  }
  return std::string::npos;
}

}  // namespace

std::string demangle(const std::string& symbol) {
  if (auto rust = demangle_rust(symbol)) return *rust;
  if (!symbol.starts_with("_Z")) return symbol;
  // Copies of functions in other modules are numbered behind this.
  const std::string name = symbol.substr(0, symbol.find(".llvm."));
  int status = 0;
  char* plain = abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status);
  if (status != 0 || !plain) return symbol;
  std::string result = plain;
  std::free(plain);
  const size_t hash = result.size() - std::min(result.size(), kHashLength + 3);
  if (is_rust_hash(std::string_view(result).substr(hash))) {
    return unescape_rust(std::string_view(result).substr(0, hash));
  }
  return result;
}

std::string without_parameters(const std::string& demangled) {
  // Behind the parameters there may be " const", " &", "[abi:x]", " [clone .x]": no parentheses.
  const size_t close = demangled.rfind(')');
  if (close == std::string::npos) return demangled;
  // "a::f::<fn(u8)>": what they belong to is a type.
  if (demangled.find('>', close) != std::string::npos) return demangled;
  const size_t open = opening(demangled, close);
  if (open == std::string::npos || open == 0) return demangled;
  // "(anonymous namespace)::f" without parameters is a variable or a Rust name.
  if (demangled.compare(close, 3, ")::") == 0) return demangled;
  return demangled.substr(0, open);
}

std::string without_result_type(const std::string& name) {
  // Only templates have one; blanks inside brackets, and those of "operator int", are not its end.
  const size_t limit = std::min(name.find("operator"), name.size());
  int depth = 0;
  size_t begin = 0;
  for (size_t i = 0; i < limit; i++) {
    const char c = name[i];
    if (c == '<' || c == '(' || c == '[' || c == '{') depth++;
    if (c == '>' || c == ')' || c == ']' || c == '}') depth--;
    if (c == ' ' && depth == 0) begin = i + 1;
  }
  return name.substr(begin);
}

bool cpp_name_matches(const std::string& pattern, const std::string& symbol) {
  const std::string name = demangle(symbol);
  const std::string plain = without_parameters(name);
  // The brackets of "(anonymous namespace)" enclose no parameters.
  const bool open = pattern.find('(') != std::string::npos;
  const bool closed = pattern.find(')') != std::string::npos;
  if (open && (!closed || without_parameters(pattern) != pattern)) {
    return glob_matches(pattern, name) ||
           glob_matches(pattern, without_result_type(plain) + name.substr(plain.size()));
  }
  return glob_matches(pattern, plain) || glob_matches(pattern, without_result_type(plain));
}

}  // namespace gimlet::base
