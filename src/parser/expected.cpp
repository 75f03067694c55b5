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
    case Symbol::S_BAD_DEFINITION: return "expected '{'";
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

// The item or the words before settle what should have come.
const char* explain_place(Grammar::token_kind_type item, Grammar::token_kind_type previous) {
  switch (previous) {
    case Kind::LET:
      return item == Kind::LET ? "root-level let statements need to be map declarations"
                               : "expected variable after 'let'";
    case Kind::ELSE: return "expected '{' or 'if' after 'else'";
    case Kind::IMPORT: return "expected string after 'import'";
    case Kind::FOR: return "expected variable in for loop";
    case Kind::DOT:
    case Kind::ARROW:
    case Kind::TAG:
    case Kind::MACRO:
    case Kind::FUNCTION: return "expected identifier";
    default: return nullptr;
  }
}

const char* explain_item(Grammar::token_kind_type item, Grammar::token_kind_type previous) {
  if (item == Kind::IMPORT && previous == Kind::STRING) return "expected ';' after import";
  if (item == Kind::LET && previous == Kind::LEFT_PAREN) {
    return "expected positive integer for map declaration max entries";
  }
  if (item != Kind::CONFIG) return nullptr;
  if (previous == Kind::LEFT_BRACE || previous == Kind::SEMICOLON) return "expected config key";
  if (previous == Kind::CONFIG) return "expected '='";
  return nullptr;
}

}  // namespace

std::string explain(Grammar::symbol_kind_type found, Grammar::token_kind_type item,
                    Grammar::token_kind_type previous,
                    std::span<const Grammar::symbol_kind_type> expected) {
  auto may_be = [&](Grammar::symbol_kind_type symbol) {
    return std::ranges::find(expected, symbol) != expected.end();
  };
  if (const char* text = explain_token(found)) return text;
  if (const char* text = explain_place(item, previous)) return text;
  if (const char* text = explain_item(item, previous)) return text;
  if (found == Symbol::S_YYEOF && may_be(Symbol::S_RIGHT_BRACE)) return "expected '}'";
  bool only_variable = expected.size() == 1 && may_be(Symbol::S_VARIABLE);
  if (only_variable && item != Kind::FUNCTION) return "expected variable in for loop";
  if (may_be(Symbol::S_RANGE)) return "expected map or range in for loop";
  bool operand = may_be(Symbol::S_VARIABLE) && may_be(Symbol::S_INTEGER);
  if (operand && !may_be(Symbol::S_SEMICOLON)) {
    return previous == Kind::RANGE ? "expected map or range in for loop" : "expected expression";
  }
  if (may_be(Symbol::S_TAG)) return "expected type";
  if (item == Kind::CONFIG && may_be(Symbol::S_STRING)) {
    return "expected string, int, boolean, or ident";
  }
  for (const Closer& closer : kClosers) {
    if (may_be(closer.symbol)) return closer.text;
  }
  return may_be(Symbol::S_IDENTIFIER) ? "expected identifier" : "unexpected input";
}

}  // namespace gimlet::parser
