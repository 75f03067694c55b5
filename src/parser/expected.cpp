#include "parser/expected.h"

#include <algorithm>

namespace gimlet::parser {
namespace {

using Symbol = Grammar::symbol_kind;
using Kind = Grammar::token;

// Texts that are wrong wherever they stand.
const char* explain_token(Grammar::symbol_kind_type found) {
  switch (found) {
    case Symbol::S_UNTERMINATED_STRING: return "unterminated string";
    case Symbol::S_BAD_DOLLAR: return "expected identifier after '$'";
    case Symbol::S_BAD_BYTE: return "unexpected input";
    case Symbol::S_TOO_DEEP: return "nesting is too deep";
    default: return nullptr;
  }
}

struct Closer {
  Grammar::symbol_kind_type symbol;
  const char* text;
};

// What ends the innermost thing that is open; the first that could stand here is named.
constexpr Closer kClosers[] = {
    {Symbol::S_ATTACH_POINT, "expected attach point"},
    {Symbol::S_SEMICOLON, "expected ';'"},
    {Symbol::S_PREDICATE_CLOSE, "expected '/' to close predicate"},
    {Symbol::S_RIGHT_BRACKET, "expected ']'"},
    {Symbol::S_RIGHT_PAREN, "expected ')'"},
    {Symbol::S_COLON, "expected ':'"},
    {Symbol::S_LEFT_BRACE, "expected '{'"},
    {Symbol::S_RIGHT_BRACE, "expected '}'"},
};

}  // namespace

std::string explain(Grammar::symbol_kind_type found, Grammar::token_kind_type previous,
                    std::span<const Grammar::symbol_kind_type> expected) {
  auto may_be = [&](Grammar::symbol_kind_type symbol) {
    return std::ranges::find(expected, symbol) != expected.end();
  };
  if (const char* text = explain_token(found)) return text;
  if (found == Symbol::S_YYEOF && may_be(Symbol::S_RIGHT_BRACE)) return "expected '}'";
  if (previous == Kind::LET) return "expected variable after 'let'";
  if (previous == Kind::ELSE) return "expected '{' or 'if' after 'else'";
  if (previous == Kind::DOT || previous == Kind::ARROW || previous == Kind::TAG) {
    return "expected identifier";
  }
  if (may_be(Symbol::S_TAG)) return "expected type";
  bool operand = may_be(Symbol::S_VARIABLE) && may_be(Symbol::S_INTEGER);
  if (operand && !may_be(Symbol::S_SEMICOLON)) return "expected expression";
  for (const Closer& closer : kClosers) {
    if (may_be(closer.symbol)) return closer.text;
  }
  return "unexpected input";
}

}  // namespace gimlet::parser
