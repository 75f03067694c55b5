// Hands the tokens of one probe to the generated parser and remembers where it is, for messages.
#pragma once

#include <span>

#include "parser/scan_state.h"

namespace gimlet::parser {

class TokenReader {
 public:
  // `end`: where the probe's text ends, for errors at its end.
  TokenReader(std::span<const Token> tokens, base::SourceRange end) : tokens_(tokens), end_(end) {}

  Grammar::symbol_type next();

  // The token the parser looks at, and the one before it; null at the ends.
  const Token* current() const { return at_ > 0 && at_ <= tokens_.size() ? &tokens_[at_ - 1] : nullptr; }
  const Token* previous() const { return at_ > 1 ? &tokens_[at_ - 2] : nullptr; }
  base::SourceRange end() const { return end_; }

 private:
  std::span<const Token> tokens_;
  size_t at_ = 0;
  base::SourceRange end_;
};

}  // namespace gimlet::parser
