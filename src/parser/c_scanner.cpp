#include "parser/c_scanner.h"

#include <algorithm>
#include <utility>

namespace gimlet::parser {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

constexpr std::string_view kSymbols[] = {
    "...", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "->", "##"};

class Scanner {
 public:
  Scanner(std::string_view text, base::SourceRange piece) : text_(text), piece_(piece) {}

  // False if a comment does not end; at() is then its beginning.
  bool run(std::vector<CToken>& tokens) {
    while (skip_blanks()) {
      if (at_ == text_.size()) return true;
      tokens.push_back(next());
    }
    return false;
  }
  uint32_t at() const { return piece_.begin + static_cast<uint32_t>(at_); }

 private:
  bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  bool skip_blanks() {
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') {
        first_on_line_ = true;
      } else if (starts("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size()) - 1;
      } else if (starts("/*")) {
        const size_t end = text_.find("*/", at_ + 2);
        if (end == text_.npos) return false;
        at_ = end + 1;
      } else if (!is_blank(text_[at_])) {
        break;
      }
      after_blank_ = true;
    }
    return true;
  }

  CToken next() {
    const size_t begin = at_;
    const CToken::Kind kind = consume();
    CToken token{kind,
                 text_.substr(begin, at_ - begin),
                 {piece_.file, piece_.begin + static_cast<uint32_t>(begin), at()},
                 std::exchange(first_on_line_, false),
                 std::exchange(after_blank_, false)};
    return token;
  }

  CToken::Kind consume() {
    const char c = text_[at_];
    if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
      consume_number();
      return CToken::Kind::Number;
    }
    if (is_word(c)) {
      while (at_ < text_.size() && is_word(text_[at_])) ++at_;
      return CToken::Kind::Word;
    }
    if ((c == '"' || c == '\'') && consume_literal(c)) {
      return c == '"' ? CToken::Kind::String : CToken::Kind::Character;
    }
    for (std::string_view symbol : kSymbols) {
      if (!starts(symbol)) continue;
      at_ += symbol.size();
      return CToken::Kind::Symbol;
    }
    ++at_;
    return CToken::Kind::Symbol;
  }

  // C's "preprocessing number", which may turn out not to be a number at all. A sign behind an
  // exponent is left out: floating point has no use here.
  void consume_number() {
    while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '.')) ++at_;
  }

  bool consume_literal(char quote) {
    for (size_t end = at_ + 1; end < text_.size() && text_[end] != '\n'; ++end) {
      if (text_[end] == quote) {
        at_ = end + 1;
        return true;
      }
      if (text_[end] == '\\') ++end;
    }
    return false;
  }

  std::string_view text_;
  base::SourceRange piece_;
  size_t at_ = 0;
  bool first_on_line_ = true;
  bool after_blank_ = false;
};

}  // namespace

std::optional<std::vector<CToken>> scan_c(const base::SourceSet& sources, base::SourceRange piece,
                                          base::Diagnostics& diagnostics) {
  std::vector<CToken> tokens;
  Scanner scanner(sources.text(piece), piece);
  if (scanner.run(tokens)) return tokens;
  diagnostics.error({piece.file, scanner.at(), scanner.at() + 2}, "syntax: unterminated comment")
      .hint("a comment that begins in C text has to end in the same line or definition");
  return std::nullopt;
}

}  // namespace gimlet::parser
