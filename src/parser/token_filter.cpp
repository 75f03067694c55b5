#include "parser/token_filter.h"

#include "ast/names.h"
#include "parser/build.h"
#include "parser/words.h"

namespace gimlet::parser {

void TokenFilter::start_item() {
  in_predicate_ = false;
  braces_ = brackets_ = casts_ = prefixes_ = 0;
  offsetofs_.clear();
  item_ = peek(0).kind;
  current_ =
      previous_ = {Kind::END, {peek(0).range.file, peek(0).range.begin, peek(0).range.begin}};
}

void TokenFilter::start_expression() {
  start_item();
  alone_ = true;
  item_ = Kind::EXPRESSION;
  buffer_.push_front({Kind::EXPRESSION, current_.range});
}

// The statements become the one expression `{ ... }`.
void TokenFilter::start_statements() {
  closes_block_ = true;
  start_expression();
  buffer_.insert(buffer_.begin() + 1, {Kind::LEFT_BRACE, current_.range});
}

Token TokenFilter::scan() {
  Token token = scanner_.next();
  if (token.kind == Kind::END && closes_block_) {
    closes_block_ = false;
    token.kind = Kind::RIGHT_BRACE;
  }
  return token;
}

Token TokenFilter::take() {
  if (buffer_.empty()) return scan();
  Token token = buffer_.front();
  buffer_.pop_front();
  return token;
}

const Token& TokenFilter::peek(size_t distance) {
  while (buffer_.size() <= distance) buffer_.push_back(scan());
  return buffer_[distance];
}

std::string_view TokenFilter::text(const Token& token) const {
  return text_.substr(token.range.begin, token.range.end - token.range.begin);
}

Grammar::symbol_type TokenFilter::next_symbol() {
  bool finished = item_ends();
  previous_ = current_;
  if (finished) {
    current_ = {Kind::END, {current_.range.file, current_.range.end, current_.range.end}};
  } else {
    current_ = take();
    current_.kind = build_.failed() ? Kind::STOPPED : meaning(current_);
    if (nests_too_deeply(current_.kind)) current_.kind = Kind::TOO_DEEP;
  }
  return Grammar::symbol_type(current_.kind, current_.range);
}

// Whether the current token is the last of its item.
bool TokenFilter::item_ends() {
  switch (item_) {
    case Kind::EXPRESSION: return false;
    case Kind::C_TEXT: return current_.kind == Kind::C_TEXT;
    case Kind::IMPORT: return current_.kind == Kind::SEMICOLON;
    case Kind::LET:
      if (current_.kind == Kind::SEMICOLON) return true;
      return current_.kind == Kind::RIGHT_PAREN && brackets_ == 0 &&
             peek(0).kind != Kind::SEMICOLON;
    default: return current_.kind == Kind::RIGHT_BRACE && braces_ == 0 && !in_predicate_;
  }
}

Grammar::token_kind_type TokenFilter::meaning(const Token& token) {
  switch (token.kind) {
    case Kind::IDENTIFIER: return word(text(token));
    case Kind::LEFT_PAREN: return paren();
    case Kind::PREDICATE_OPEN: in_predicate_ = true; return token.kind;
    case Kind::SLASH:
      if (!in_predicate_ || peek(0).kind != Kind::LEFT_BRACE) return token.kind;
      in_predicate_ = false;
      return Kind::PREDICATE_CLOSE;
    default: return token.kind;
  }
}

bool TokenFilter::begins_statement() const {
  // An identifier never follows an operand, so there a keyword begins a statement, too.
  return previous_.kind == Kind::LEFT_BRACE || previous_.kind == Kind::RIGHT_BRACE ||
         previous_.kind == Kind::SEMICOLON || follows_operand();
}

Grammar::token_kind_type TokenFilter::word(std::string_view word) {
  if (item_ == Kind::CONFIG || (item_ == Kind::MACRO && braces_ == 0)) return Kind::IDENTIFIER;
  bool in_path = !offsetofs_.empty() && offsetofs_.back() + 1 == brackets_;
  switch (previous_.kind) {
    case Kind::DOT:
    case Kind::ARROW:
    case Kind::RECORD_OPEN:
    case Kind::TAG: return Kind::IDENTIFIER;
    case Kind::COMMA:
      if (in_path || peek(0).kind == Kind::ASSIGN) return Kind::IDENTIFIER;
      break;
    case Kind::RIGHT_BRACE:
      if (word == "else") return Kind::ELSE;
      break;
    default: break;
  }
  if (is_type_tag(word) && peek(0).kind == Kind::IDENTIFIER) return Kind::TAG;
  if (begins_statement()) {
    if (auto kind = statement_word(word)) return *kind;
  }
  if (peek(0).kind == Kind::LEFT_PAREN) {
    if (auto kind = type_function_word(word)) return *kind;
  }
  if (word == "if") return Kind::IF;
  if (word == "comptime" && (begins_operand(peek(0)) || peek(0).kind == Kind::LEFT_BRACE)) {
    return Kind::COMPTIME;
  }
  return Kind::IDENTIFIER;
}

Grammar::token_kind_type TokenFilter::paren() {
  switch (previous_.kind) {
    case Kind::IF:
    case Kind::WHILE:
    case Kind::UNROLL: return Kind::CONDITION_OPEN;
    case Kind::IDENTIFIER:
    case Kind::FOR: return Kind::LEFT_PAREN;
    case Kind::OFFSETOF: offsetofs_.push_back(brackets_); [[fallthrough]];
    case Kind::SIZEOF:
    case Kind::TYPEINFO:
    case Kind::TYPEOF: return begins_type(0) ? Kind::TYPE_OPEN : Kind::LEFT_PAREN;
    default: break;
  }
  if (peek(0).kind != Kind::IDENTIFIER || ast::is_parser_builtin(text(peek(0)))) {
    return Kind::LEFT_PAREN;
  }
  if (peek(1).kind == Kind::ASSIGN) return Kind::RECORD_OPEN;
  return mark_cast() ? Kind::CAST_OPEN : Kind::LEFT_PAREN;
}

// The distance of the token behind a type that begins at `at`, if one can be read there.
std::optional<size_t> TokenFilter::end_of_type(size_t at) {
  if (peek(at).kind != Kind::IDENTIFIER) return std::nullopt;
  std::string_view first = text(peek(at));
  if (first == "true" || first == "false") return std::nullopt;
  if (first == "typeof" && peek(at + 1).kind == Kind::LEFT_PAREN) {
    size_t open = 0;
    for (at++;; at++) {
      if (peek(at).kind == Kind::END) return std::nullopt;
      open += peek(at).kind == Kind::LEFT_PAREN;
      open -= peek(at).kind == Kind::RIGHT_PAREN;
      if (open == 0) break;
    }
    at++;
  } else if (is_type_tag(first) && peek(at + 1).kind == Kind::IDENTIFIER) {
    at += 2;
  } else if (!ast::is_parser_builtin(first)) {
    at++;
  } else {
    return std::nullopt;
  }
  while (peek(at).kind == Kind::STAR || peek(at).kind == Kind::LEFT_BRACKET) {
    if (peek(at).kind == Kind::LEFT_BRACKET) {
      at++;
      if (peek(at).kind == Kind::INTEGER) at++;
      if (peek(at).kind != Kind::RIGHT_BRACKET) return std::nullopt;
    }
    at++;
  }
  return at;
}

// Inside sizeof( and its kin: a name that could be a type is one if nothing goes on behind it.
bool TokenFilter::begins_type(size_t at) {
  std::optional<size_t> end = end_of_type(at);
  if (!end) return false;
  switch (peek(*end).kind) {
    case Kind::RIGHT_PAREN:
    case Kind::COMMA:
    case Kind::SEMICOLON:
    case Kind::ASSIGN:
    case Kind::LEFT_BRACE:
    case Kind::RIGHT_BRACE: return true;
    default: return false;
  }
}

// Behind a `(`: a type, `)`, and something that begins an operand make a cast.
bool TokenFilter::mark_cast() {
  std::optional<size_t> end = end_of_type(0);
  if (!end || peek(*end).kind != Kind::RIGHT_PAREN || !begins_operand(peek(*end + 1))) {
    return false;
  }
  buffer_[*end].kind = Kind::CAST_CLOSE;
  return true;
}

bool TokenFilter::begins_operand(const Token& token) const {
  switch (token.kind) {
    case Kind::IDENTIFIER:
    case Kind::INTEGER:
    case Kind::STRING:
    case Kind::UNTERMINATED_STRING:
    case Kind::VARIABLE:
    case Kind::POSITIONAL:
    case Kind::PARAMETER_COUNT:
    case Kind::BAD_DOLLAR:
    case Kind::MAP:
    case Kind::LEFT_PAREN:
    case Kind::MINUS:
    case Kind::DECREMENT:
    case Kind::NOT:
    case Kind::TILDE:
    case Kind::STAR:
    case Kind::AND: return true;
    default: return false;
  }
}

bool TokenFilter::follows_operand() const {
  switch (previous_.kind) {
    case Kind::IDENTIFIER:
    case Kind::INTEGER:
    case Kind::STRING:
    case Kind::VARIABLE:
    case Kind::POSITIONAL:
    case Kind::PARAMETER_COUNT:
    case Kind::MAP:
    case Kind::RIGHT_PAREN:
    case Kind::RIGHT_BRACKET:
    case Kind::INCREMENT:
    case Kind::DECREMENT: return true;
    default: return false;
  }
}

bool TokenFilter::nests_too_deeply(Grammar::token_kind_type kind) {
  bool prefix = false;
  switch (kind) {
    case Kind::CAST_OPEN:
      casts_++;
      brackets_++;
      return false;
    case Kind::LEFT_BRACE: braces_++; break;
    case Kind::RIGHT_BRACE: braces_ -= braces_ > 0; break;
    case Kind::LEFT_PAREN:
    case Kind::RECORD_OPEN:
    case Kind::TYPE_OPEN:
    case Kind::CONDITION_OPEN:
    case Kind::LEFT_BRACKET: brackets_++; break;
    case Kind::RIGHT_PAREN:
    case Kind::RIGHT_BRACKET:
      brackets_ -= brackets_ > 0;
      if (!offsetofs_.empty() && offsetofs_.back() >= brackets_) offsetofs_.pop_back();
      break;
    case Kind::CAST_CLOSE:
      casts_ -= casts_ > 0;
      brackets_ -= brackets_ > 0;
      prefix = true;
      break;
    case Kind::MINUS:
    case Kind::NOT:
    case Kind::TILDE:
    case Kind::STAR:
    case Kind::AND:
    case Kind::COMPTIME:
    case Kind::INCREMENT:
    case Kind::DECREMENT: prefix = true; break;
    default: break;
  }
  if (prefix) {
    prefixes_++;
  } else if (casts_ == 0) {
    prefixes_ = 0;
  }
  return braces_ + brackets_ > kMaxNesting || prefixes_ > kMaxNesting;
}

}  // namespace gimlet::parser
