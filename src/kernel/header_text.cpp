// The text is cut into tokens once; brackets are matched; then one declaration after the other is
// looked at. Whatever does not look like C any more is passed on as it is: the compiler complains.
#include "kernel/header_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace gimlet::kernel {
namespace {

struct Token {
  size_t begin = 0;
  std::string_view text;
  size_t match = 0;  // of an opening bracket: index of the closing one, and the other way round
};
using Tokens = std::vector<Token>;

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_name(const Token& token) {
  return is_word(token.text[0]) && !(token.text[0] >= '0' && token.text[0] <= '9');
}
bool is_attribute(const Token& token) {
  return token.text.starts_with("__attribute") || token.text.starts_with("__asm") ||
         token.text == "asm" || token.text == "__declspec" || token.text == "_Alignas";
}
bool is_tag(const Token& token) {
  return token.text == "struct" || token.text == "union" || token.text == "enum";
}

size_t end_of_literal(std::string_view text, size_t at) {
  const char quote = text[at];
  for (++at; at < text.size() && text[at] != quote && text[at] != '\n'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

// The macros of the program and its headers, from the lines of -dD.
class Macros {
 public:
  // True for a line that is only about macros or where text came from.
  void line(std::string_view line) {
    if (line.starts_with("# ")) {
      const size_t quote = std::min(line.find('"'), line.size());
      own_ = !line.substr(quote).starts_with("\"<");  // "<built-in>", "<command line>"
    } else if (line.starts_with("#define ") && own_) {
      define(line.substr(8));
    } else if (line.starts_with("#undef ")) {
      const auto found = macros_.find(line.substr(7));
      if (found != macros_.end()) macros_.erase(found);
    }
  }

  std::vector<ast::CMacro> take() {
    std::vector<ast::CMacro> list;
    list.reserve(macros_.size());
    for (auto& [name, macro] : macros_) list.push_back(std::move(macro));
    return list;
  }

 private:
  void define(std::string_view rest) {
    size_t end = 0;
    while (end < rest.size() && is_word(rest[end])) ++end;
    ast::CMacro macro;
    macro.name = rest.substr(0, end);
    macro.function_like = end < rest.size() && rest[end] == '(';
    for (size_t at = end; at < rest.size();) {
      const bool literal = rest[at] == '"' || rest[at] == '\'';
      const size_t stop = literal ? end_of_literal(rest, at) : at + 1;
      if (!is_blank(rest[at])) macro.replacement += rest.substr(at, stop - at);
      at = stop;
    }
    macros_.insert_or_assign(macro.name, macro);
  }

  std::map<std::string, ast::CMacro, std::less<>> macros_;
  bool own_ = false;
};

Tokens tokens_of(std::string_view text, Macros& macros) {
  Tokens tokens;
  bool line_start = true;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    size_t end = at + 1;
    if (c == '#' && line_start) {
      end = std::min(text.find('\n', at), text.size());
      macros.line(text.substr(at, end - at));
    } else if (is_blank(c)) {
      line_start |= c == '\n';
    } else {
      line_start = false;
      if (c == '"' || c == '\'') end = end_of_literal(text, at);
      if (is_word(c)) {
        while (end < text.size() && is_word(text[end])) ++end;
      }
      tokens.push_back({at, text.substr(at, end - at), 0});
    }
    at = end;
  }
  return tokens;
}

// Brackets without a partner get the end of the text.
void match_brackets(Tokens& tokens) {
  std::vector<size_t> open;
  for (size_t i = 0; i < tokens.size(); ++i) {
    tokens[i].match = tokens.size();
    const char c = tokens[i].text[0];
    if (c == '(' || c == '{' || c == '[') open.push_back(i);
    if ((c == ')' || c == '}' || c == ']') && !open.empty()) {
      tokens[i].match = open.back();
      tokens[open.back()].match = i;
      open.pop_back();
    }
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), tokens_(tokens_of(text, macros_)) {
    match_brackets(tokens_);
  }

  HeaderText read() {
    for (size_t at = 0; at < tokens_.size();) at = declaration(at);
    copy_up_to(text_.size());
    result_.types.assign(types_.begin(), types_.end());
    result_.macros = macros_.take();
    return std::move(result_);
  }

 private:
  bool opens(size_t i) const {
    const char c = tokens_[i].text[0];
    return c == '(' || c == '{' || c == '[';
  }
  bool is(size_t i, std::string_view text) const {
    return i < tokens_.size() && tokens_[i].text == text;
  }
  // Behind attributes that begin at `i`.
  size_t skip_attributes(size_t i) const {
    while (i < tokens_.size() && is_attribute(tokens_[i])) {
      i = is(i + 1, "(") ? tokens_[i + 1].match + 1 : i + 1;
    }
    return i;
  }

  void copy_up_to(size_t end) {
    if (end > copied_) result_.declarations += text_.substr(copied_, end - copied_);
    copied_ = std::max(copied_, end);
  }
  // Leaves text out; lines keep their numbers.
  void drop_up_to(size_t end) {
    const std::string_view dropped = text_.substr(copied_, end - copied_);
    result_.declarations.append(
        static_cast<size_t>(std::count(dropped.begin(), dropped.end(), '\n')), '\n');
    copied_ = end;
  }
  size_t end_of(size_t i) const {
    return i < tokens_.size() ? tokens_[i].begin + tokens_[i].text.size() : text_.size();
  }

  // Looks at one declaration; returns the index of the next.
  size_t declaration(size_t first) {
    bool initialiser = false;
    size_t i = first;
    for (; i < tokens_.size() && !is(i, ";"); ++i) {
      if (is(i, "=")) initialiser = true;
      if (is(i, "{") && !initialiser && follows_parameters(first, i)) return function(i);
      if (opens(i)) i = std::min(tokens_[i].match, tokens_.size() - 1);
    }
    const size_t end = std::min(i, tokens_.size());
    if (tokens_[first].text == "asm" || tokens_[first].text.starts_with("__asm")) {
      copy_up_to(tokens_[first].begin);
      drop_up_to(end_of(end));
      return end + 1;
    }
    tags(first, end);
    const size_t word = is(first, "__extension__") ? first + 1 : first;
    if (is(word, "typedef")) typedefs(word + 1, end);
    return end + 1;
  }

  bool follows_parameters(size_t first, size_t brace) const {
    size_t i = brace;
    while (i > first && tokens_[i - 1].text == ")") {
      const size_t open = tokens_[i - 1].match;
      if (open >= i || open <= first) return open == first;
      if (!is_attribute(tokens_[open - 1])) return true;
      i = open - 1;
    }
    return false;
  }

  size_t function(size_t brace) {
    copy_up_to(tokens_[brace].begin);
    result_.declarations += ';';
    const size_t close = tokens_[brace].match;
    drop_up_to(end_of(close));
    return close >= tokens_.size() ? tokens_.size() : close + 1;
  }

  // Tags that are defined in [first, end), inside other definitions as well, but not in parameters.
  void tags(size_t first, size_t end) {
    for (size_t i = first; i < end; ++i) {
      if (is(i, "(")) i = std::min(tokens_[i].match, end);
      if (i >= end || !is_tag(tokens_[i])) continue;
      const size_t name = skip_attributes(i + 1);
      if (name < end && is_name(tokens_[name]) && is(name + 1, "{")) {
        types_.insert(fmt::format("{} {}", tokens_[i].text, tokens_[name].text));
      } else if (is(name, "{") && is(i, "enum") &&
                 is(skip_attributes(std::min(tokens_[name].match, end) + 1), ";")) {
        copy_up_to(tokens_[name].begin);
        const std::string made_up = fmt::format("{}{}", kMadeUpEnum, ++made_up_);
        result_.declarations += made_up + ' ';
        types_.insert("enum " + made_up);
      }
    }
  }

  // `(*f)` and `(f)(`: a declarator rather than parameters.
  bool groups(size_t open) const {
    const size_t close = tokens_[open].match;
    return is(open + 1, "*") || is(open + 1, "(") || (close == open + 2 && is(close + 1, "("));
  }

  // The names in the declarators of [first, end): the first word behind `(*` or in `(f)(`, else the
  // last word that is not inside brackets.
  void typedefs(size_t first, size_t end) {
    std::string_view name;
    bool settled = false;
    for (size_t i = first; i <= end && i < tokens_.size(); ++i) {
      if (i == end || is(i, ",")) {
        if (!name.empty()) types_.insert(std::string(name));
        settled = false;
      } else if (is_attribute(tokens_[i])) {
        i = skip_attributes(i) - 1;
      } else if (is(i, "(") && !settled && groups(i)) {
        size_t word = i + 1;
        while (word < end && (!is_name(tokens_[word]) || is(word, "const"))) ++word;
        if (word < end) name = tokens_[word].text;
        settled = true;
        i = std::min(tokens_[i].match, end - 1);
      } else if (opens(i)) {
        i = std::min(tokens_[i].match, end - 1);
      } else if (is_name(tokens_[i]) && !settled) {
        name = tokens_[i].text;
      }
    }
  }

  std::string_view text_;
  Macros macros_;
  Tokens tokens_;
  HeaderText result_;
  std::set<std::string> types_;
  size_t copied_ = 0;  // bytes of the text that are in the result or were left out
  int made_up_ = 0;
};

}  // namespace

HeaderText read_preprocessed(std::string_view text) { return Reader(text).read(); }

}  // namespace gimlet::kernel
