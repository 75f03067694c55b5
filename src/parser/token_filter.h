// The token filter stands between scanner and grammar and settles what needs more than one token of
// lookahead or knowledge of the position (language §1.2, §3.3):
//   words       IDENTIFIER becomes `let`, `if`, ... only where such a word has a meaning
//   `(`         before a type, `)` and an operand: CAST_OPEN ... CAST_CLOSE; after `if`:
//   CONDITION_OPEN
//   `/`         before `{` inside a predicate: PREDICATE_CLOSE
// It also gives tokens that begin a construct which gimlet does not have yet the kind UNSUPPORTED,
// stops texts that nest too deeply, ends the input after each probe, and finds the next probe after
// a mistake.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "parser/scanner.h"

namespace gimlet::parser {

class Builder;

// Brackets, prefix operators and tree levels that may be open at one place. Later stages recurse.
constexpr uint32_t kMaxNesting = 400;

class TokenFilter {
 public:
  TokenFilter(Scanner& scanner, std::string_view text, const Builder& build)
      : scanner_(scanner), text_(text), build_(build) {}

  // No probe follows.
  bool at_end() { return peek(0).kind == Kind::END; }
  void start_probe();
  // The parser's next token; END after the brace that closes the probe.
  Grammar::symbol_type next_symbol();
  // After a mistake: skips the rest of the probe (or of the unsupported construct).
  void recover();

  // The token given last and the one before it.
  const Token& current() const { return current_; }
  const Token& previous() const { return previous_; }
  // What is wrong with an UNSUPPORTED token.
  const std::string& complaint() const { return complaint_; }

 private:
  enum class Skip { Body, Declaration, Nothing };

  Token scan();
  Token take();
  const Token& peek(size_t distance);
  std::string_view text(const Token& token) const;

  Grammar::token_kind_type meaning(const Token& token);
  Grammar::token_kind_type word(std::string_view word);
  Grammar::token_kind_type top_level(const Token& token);
  Grammar::token_kind_type paren();
  Grammar::token_kind_type unsupported(std::string complaint);
  bool follows_operand() const;
  bool nests_too_deeply(Grammar::token_kind_type kind);
  void mark_cast();
  bool begins_operand(const Token& token) const;
  bool ends_declaration(const Token& token) const;

  Scanner& scanner_;
  std::string_view text_;
  const Builder& build_;
  std::deque<Token> buffer_;  // scanned, not yet given to the parser
  Token current_;
  Token previous_;
  std::string complaint_;
  Skip skip_ = Skip::Body;
  bool scanned_brace_ = false;  // the scanner has seen the probe's `{`
  bool in_predicate_ = false;
  bool in_cast_ = false;
  uint32_t braces_ = 0;  // open, as given to the parser
  uint32_t brackets_ = 0;
  uint32_t prefixes_ = 0;   // consecutive prefix operators
  uint32_t questions_ = 0;  // `?` in this statement
};

}  // namespace gimlet::parser
