// The token filter stands between scanner and grammar and settles what needs more than one token of
// lookahead or knowledge of the position (language §1.2, §3.3):
//   words  IDENTIFIER becomes `let`, `if`, `sizeof`, ... only where such a word has a meaning
//   `(`    CAST_OPEN ... CAST_CLOSE around a type that stands before an operand; RECORD_OPEN before
//          `name =`; TYPE_OPEN before the type in `sizeof(T)` and its kin; CONDITION_OPEN after
//          `if`
//   `/`    before `{` inside a predicate: PREDICATE_CLOSE
// It also stops texts that nest too deeply, and ends the input after each item of the top level.
#pragma once

#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "parser/scanner.h"

namespace gimlet::parser {

class Builder;

// Brackets and prefix operators that may be open at one place.
constexpr uint32_t kMaxNesting = 400;
// Levels of the tree. Each operator of a chain is a level, and so is each `else if` of a ladder.
// Later stages recurse; main runs them on a stack that has room for this (cli/deep_stack.h).
constexpr uint32_t kMaxLevels = 5000;

class TokenFilter {
 public:
  TokenFilter(Scanner& scanner, std::string_view text, const Builder& build)
      : scanner_(scanner), text_(text), build_(build) {}

  // No item follows.
  bool at_end() { return peek(0).kind == Kind::END; }
  void start_item();
  // The text is one expression, not items.
  void start_expression();
  // The text is what stands between the braces of a block.
  void start_statements();
  // The parser's next token; END after the last token of the item.
  Grammar::symbol_type next_symbol();

  // The token given last and the one before it.
  const Token& current() const { return current_; }
  const Token& previous() const { return previous_; }
  // The kind of the item's first token.
  Grammar::token_kind_type item() const { return item_; }

 private:
  Token scan();
  Token take();
  const Token& peek(size_t distance);
  std::string_view text(const Token& token) const;

  Grammar::token_kind_type meaning(const Token& token);
  Grammar::token_kind_type word(std::string_view word);
  Grammar::token_kind_type paren();
  bool item_ends();
  bool begins_statement() const;
  bool follows_operand() const;
  bool nests_too_deeply(Grammar::token_kind_type kind);
  bool begins_type(size_t at);
  std::optional<size_t> end_of_type(size_t at);
  bool mark_cast();
  bool begins_operand(const Token& token) const;

  Scanner& scanner_;
  std::string_view text_;
  const Builder& build_;
  std::deque<Token> buffer_;  // scanned, not yet given to the parser
  Token current_;
  Token previous_;
  Grammar::token_kind_type item_ = Kind::END;
  bool alone_ = false;         // the text is one expression
  bool closes_block_ = false;  // a `}` that is not written stands at the end of the text
  bool in_predicate_ = false;
  uint32_t braces_ = 0;  // open, as given to the parser
  uint32_t brackets_ = 0;
  uint32_t casts_ = 0;     // open CAST_OPEN
  uint32_t prefixes_ = 0;  // consecutive prefix operators
  // Brackets that were open before each `offsetof(`, whose path may hold any word.
  std::vector<uint32_t> offsetofs_;
};

}  // namespace gimlet::parser
