// The scanner's interface. Its rules are in grammar/lexer.l, which flex makes into the definition.
//
// A token is a kind (the grammar's own enumeration) and a range; whoever needs the text looks it up
// in the source, so scanning copies nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/source.h"
#include "parser.h"

namespace gimlet::parser {

using Kind = Grammar::token;

struct Token {
  Grammar::token_kind_type kind = Kind::END;
  base::SourceRange range;
};

// What the rules keep between tokens.
struct ScanState {
  uint32_t begin = 0;  // of the latest match
  uint32_t end = 0;    // where scanning goes on
  // The token's range where it is not that of the latest match.
  std::optional<uint32_t> shown_begin;
  std::optional<uint32_t> shown_end;
  uint32_t depth = 0;       // open braces
  uint32_t definition = 0;  // begin and end of the C definition that is being read
  uint32_t definition_end = 0;
  bool declaration = false;  // in a map declaration
  bool seen_token = false;
  bool in_predicate = false;
  int previous = 0;  // the kind of the latest token

  void unread() { end = begin; }
  void whole_definition() {
    shown_begin = definition;
    shown_end = definition_end;
  }
  void leave_declaration() { declaration = false; }
  // At a `}`: whether it is the one that the item ends with. A predicate may hold blocks of its
  // own.
  bool closes_item() { return depth > 0 && --depth == 0 && !in_predicate; }
  // A predicate goes to the `/` that stands before a `{`, which opens the body.
  void follow_predicate(int kind) {
    const bool body = kind == Grammar::token::LEFT_BRACE && previous == Grammar::token::SLASH;
    if (kind == Grammar::token::PREDICATE_OPEN) in_predicate = true;
    if (body) in_predicate = false;
    previous = kind;
  }
};

class Scanner {
 public:
  // Whether the text is a program, a single expression, or what stands between two braces.
  enum class Start { Item, Expression, InBlock };

  // The first `from` bytes of the text are passed over.
  Scanner(std::string_view text, base::FileId file, Start start = Start::Item, uint32_t from = 0);
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;
  ~Scanner();

  Token next();

 private:
  base::FileId file_;
  ScanState state_;
  void* scanner_ = nullptr;
};

}  // namespace gimlet::parser
