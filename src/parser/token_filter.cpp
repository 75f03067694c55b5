#include "parser/token_filter.h"

#include "parser/build.h"
#include "parser/words.h"

namespace gimlet::parser {

void TokenFilter::start_probe() {
  scanned_brace_ = false;
  in_predicate_ = in_cast_ = false;
  braces_ = brackets_ = prefixes_ = questions_ = 0;
  skip_ = Skip::Body;
  current_ =
      previous_ = {Kind::END, {peek(0).range.file, peek(0).range.begin, peek(0).range.begin}};
}

Token TokenFilter::scan() {
  Token token = scanner_.next();
  scanned_brace_ = scanned_brace_ || token.kind == Kind::LEFT_BRACE;
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
  bool finished = current_.kind == Kind::RIGHT_BRACE && braces_ == 0;
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

Grammar::token_kind_type TokenFilter::meaning(const Token& token) {
  switch (token.kind) {
    case Kind::IDENTIFIER: return word(text(token));
    case Kind::LEFT_PAREN: return paren();
    case Kind::ATTACH_POINT: return top_level(token);
    case Kind::HASH_LINE:
      skip_ = Skip::Nothing;
      return unsupported("preprocessor lines are not supported yet");
    case Kind::PREDICATE_OPEN: in_predicate_ = true; return token.kind;
    case Kind::SLASH:
      if (!in_predicate_ || peek(0).kind != Kind::LEFT_BRACE) return token.kind;
      in_predicate_ = false;
      return Kind::PREDICATE_CLOSE;
    case Kind::AND:
      return follows_operand() ? token.kind : unsupported("address-of ('&') is not supported yet");
    case Kind::LEFT_BRACE:
      switch (braces_ > 0 ? previous_.kind : Kind::END) {
        case Kind::ASSIGN:
        case Kind::LEFT_PAREN:
        case Kind::COMMA:
        case Kind::QUESTION:
        case Kind::COLON:
        case Kind::RETURN: return unsupported("blocks as values are not supported yet");
        default: return token.kind;
      }
    case Kind::SEMICOLON:
    case Kind::RIGHT_BRACE:
      // Outside of any probe there is nothing else to skip.
      if (previous_.kind == Kind::END) skip_ = Skip::Nothing;
      return token.kind;
    default: return token.kind;
  }
}

Grammar::token_kind_type TokenFilter::word(std::string_view word) {
  switch (previous_.kind) {
    case Kind::DOT:
    case Kind::ARROW:
    case Kind::TAG: return Kind::IDENTIFIER;
    case Kind::ELSE:
      if (word == "if") return Kind::IF;
      break;
    case Kind::RIGHT_BRACE:
      if (word == "else") return Kind::ELSE;
      break;
    default: break;
  }
  if (is_type_tag(word) && peek(0).kind == Kind::IDENTIFIER) return Kind::TAG;
  // An identifier never follows an operand, so there a keyword begins a statement, too.
  bool begins_statement = previous_.kind == Kind::LEFT_BRACE ||
                          previous_.kind == Kind::RIGHT_BRACE ||
                          previous_.kind == Kind::SEMICOLON || follows_operand();
  if (begins_statement) {
    if (auto kind = statement_word(word)) return *kind;
    std::string_view complaint = unsupported_statement(word);
    if (!complaint.empty()) return unsupported(std::string(complaint));
  }
  std::string_view complaint = unsupported_in_expression(word);
  return complaint.empty() ? Kind::IDENTIFIER : unsupported(std::string(complaint));
}

Grammar::token_kind_type TokenFilter::top_level(const Token& token) {
  if (previous_.kind != Kind::END) return token.kind;
  std::string_view word = text(token);
  if (word.ends_with('=')) word.remove_suffix(1);
  if (word.starts_with("import\"")) word = "import";
  std::string_view complaint = unsupported_top_level(word);
  if (complaint.empty()) return token.kind;
  if (word == "let" || word == "import") skip_ = Skip::Declaration;
  return unsupported(std::string(complaint));
}

Grammar::token_kind_type TokenFilter::paren() {
  if (previous_.kind == Kind::IF) return Kind::CONDITION_OPEN;
  if (previous_.kind == Kind::IDENTIFIER) return Kind::LEFT_PAREN;
  if (peek(0).kind != Kind::IDENTIFIER || is_parser_builtin(text(peek(0)))) {
    return Kind::LEFT_PAREN;
  }
  if (peek(1).kind == Kind::ASSIGN) return unsupported("records are not supported yet");
  mark_cast();
  return in_cast_ ? Kind::CAST_OPEN : Kind::LEFT_PAREN;
}

// Looks at the tokens after a `(`: a type, `)`, and something that begins an operand make a cast.
void TokenFilter::mark_cast() {
  size_t at = is_type_tag(text(peek(0))) ? 1 : 0;
  if (peek(at).kind != Kind::IDENTIFIER) return;
  at++;
  while (peek(at).kind == Kind::STAR || peek(at).kind == Kind::LEFT_BRACKET) {
    if (peek(at).kind == Kind::LEFT_BRACKET) {
      at++;
      if (peek(at).kind == Kind::INTEGER) at++;
      if (peek(at).kind != Kind::RIGHT_BRACKET) return;
    }
    at++;
  }
  if (peek(at).kind != Kind::RIGHT_PAREN || !begins_operand(peek(at + 1))) return;
  buffer_[at].kind = Kind::CAST_CLOSE;
  in_cast_ = true;
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

Grammar::token_kind_type TokenFilter::unsupported(std::string complaint) {
  complaint_ = std::move(complaint);
  return Kind::UNSUPPORTED;
}

bool TokenFilter::nests_too_deeply(Grammar::token_kind_type kind) {
  bool prefix = false;
  switch (kind) {
    case Kind::CAST_OPEN: return false;
    case Kind::LEFT_BRACE:
      braces_++;
      questions_ = 0;
      break;
    case Kind::RIGHT_BRACE:
      braces_ -= braces_ > 0;
      questions_ = 0;
      break;
    case Kind::LEFT_PAREN:
    case Kind::CONDITION_OPEN: brackets_++; break;
    case Kind::RIGHT_PAREN: brackets_ -= brackets_ > 0; break;
    case Kind::LEFT_BRACKET: brackets_ += !in_cast_; break;
    case Kind::RIGHT_BRACKET: brackets_ -= !in_cast_ && brackets_ > 0; break;
    case Kind::SEMICOLON: questions_ = 0; break;
    case Kind::QUESTION: questions_++; break;
    case Kind::CAST_CLOSE:
      in_cast_ = false;
      prefix = true;
      break;
    case Kind::MINUS:
    case Kind::NOT:
    case Kind::TILDE:
    case Kind::STAR:
    case Kind::INCREMENT:
    case Kind::DECREMENT: prefix = true; break;
    default: break;
  }
  if (prefix) {
    prefixes_++;
  } else if (!in_cast_) {
    prefixes_ = 0;
  }
  return braces_ + brackets_ > kMaxNesting || prefixes_ > kMaxNesting || questions_ > kMaxNesting;
}

// `let @m = hash(1);` and `import "x";` are attach point texts to the scanner.
bool TokenFilter::ends_declaration(const Token& token) const {
  std::string_view written = text(token);
  return written.ends_with(';') || written.ends_with(')');
}

void TokenFilter::recover() {
  buffer_.clear();
  if (skip_ == Skip::Body || (skip_ == Skip::Declaration && scanned_brace_)) {
    for (bool end = false; !end && !scanned_brace_;) end = scan().kind == Kind::END;
    for (bool end = false; !end && scanner_.depth() > 0;) end = scan().kind == Kind::END;
  } else if (skip_ == Skip::Declaration) {
    Token token = current_;
    while (token.kind != Kind::END && !ends_declaration(token)) token = scan();
  }
  scanner_.leave_code();
  // What belongs to the end of a C definition or declaration would only be a second mistake.
  while (peek(0).kind == Kind::SEMICOLON || text(peek(0)).starts_with("__attribute__")) take();
}

}  // namespace gimlet::parser
