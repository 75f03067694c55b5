#include "parser/token_reader.h"

namespace gimlet::parser {
namespace {

bool carries_text(int kind) {
  using T = Grammar::token;
  switch (kind) {
    case T::ATTACH_POINT:
    case T::NAME:
    case T::VARIABLE:
    case T::MAP:
    case T::INTEGER:
    case T::STRING:
    case T::BOOL:
    case T::POSITIONAL:
    case T::TAG:
    case T::BAD: return true;
    default: return false;
  }
}

}  // namespace

Grammar::symbol_type TokenReader::next() {
  if (at_ >= tokens_.size()) {
    at_ = tokens_.size() + 1;
    return Grammar::symbol_type(Grammar::token::END, end_);
  }
  const Token& token = tokens_[at_++];
  if (carries_text(token.kind)) return Grammar::symbol_type(token.kind, token.text, token.range);
  return Grammar::symbol_type(token.kind, token.range);
}

}  // namespace gimlet::parser
