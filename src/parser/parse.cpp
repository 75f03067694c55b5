// The driver of the parser: the tokens of a file are cut into probes at closing braces, and each
// probe is parsed by itself, so that one mistake does not hide those of the next probe.

#include "parser/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "parser/build.h"
#include "parser/filter.h"
#include "parser/scan.h"
#include "parser/token_reader.h"

namespace gimlet::parser {
namespace {

using T = Grammar::token;

struct Planned {
  std::string_view word;
  const char* message;
};
constexpr Planned kPlannedSections[] = {
    {"config", "'config' blocks are not supported yet"},
    {"import", "'import' is not supported yet"},
    {"macro", "macros are not supported yet"},
    {"fn", "functions are not supported yet"},
    {"let", "map declarations are not supported yet"},
    {"struct", "C definitions are not supported yet"},
    {"union", "C definitions are not supported yet"},
    {"enum", "C definitions are not supported yet"},
};

// Index one past the end of the probe that starts at `begin`: its closing brace, or a brace that was
// never opened. Without one, everything that is left belongs to it.
size_t probe_end(const std::vector<Token>& tokens, size_t begin) {
  int depth = 0;
  for (size_t i = begin; i < tokens.size(); i++) {
    if (tokens[i].kind == T::LBRACE) depth++;
    if (tokens[i].kind == T::RBRACE && --depth <= 0) return i + 1;
  }
  return tokens.size();
}

const char* planned_section(const Token& first) {
  for (const Planned& planned : kPlannedSections) {
    if (first.kind == T::ATTACH_POINT && first.text == planned.word) return planned.message;
  }
  return nullptr;
}

void parse_probe(std::span<const Token> tokens, base::SourceRange end, Builder& build) {
  if (const char* message = planned_section(tokens[0])) return build.error(tokens[0].range, message);
  std::vector<Token> filtered = filter(tokens);
  TokenReader reader(filtered, end);
  Grammar grammar(build, reader);
  grammar.parse();
}

bool ends_operand(const Token* token) {
  if (!token) return false;
  switch (token->kind) {
    case T::NAME:
    case T::VARIABLE:
    case T::MAP:
    case T::INTEGER:
    case T::STRING:
    case T::BOOL:
    case T::POSITIONAL:
    case T::PARAMETER_COUNT:
    case T::RPAREN:
    case T::RBRACKET:
    case T::INCREMENT:
    case T::DECREMENT: return true;
    default: return false;
  }
}

// The words of the specification for what would have been right here.
std::string expectation(const std::set<int>& expected, const Token* previous, bool at_start) {
  using K = Grammar::symbol_kind;
  auto can = [&](int kind) { return expected.contains(kind); };
  bool operand = can(K::S_INTEGER);
  if (at_start) return "expected attach point";
  if (ends_operand(previous) && !operand) {
    if (can(K::S_SEMICOLON)) return "expected ';'";
    if (can(K::S_RPAREN)) return "expected ')'";
    if (can(K::S_RBRACKET)) return "expected ']'";
    if (can(K::S_END_PREDICATE)) return "expected '/' to close predicate";
    if (can(K::S_COLON)) return "expected ':'";
    if (can(K::S_LBRACE)) return "expected '{'";
  }
  if (operand) return "expected expression";
  if (can(K::S_NAME)) return "expected identifier";
  if (can(K::S_LBRACE)) return "expected '{'";
  if (can(K::S_SEMICOLON)) return "expected ';'";
  if (can(K::S_ASSIGN)) return "expected '='";
  if (can(K::S_RPAREN)) return "expected ')'";
  if (can(K::S_RBRACKET)) return "expected ']'";
  return "unexpected input";
}

}  // namespace

void Grammar::report_syntax_error(const context& where) const {
  const Token* current = reader.current();
  base::SourceRange range = where.location();
  if (current && current->kind == T::BAD) return build.error(current->range, current->text);
  symbol_kind_type kinds[YYNTOKENS];
  int count = where.expected_tokens(kinds, YYNTOKENS);
  std::set<int> expected(kinds, kinds + std::max(count, 0));
  const Token* previous = current ? reader.previous() : nullptr;
  bool at_start = current && !previous;
  if (current && current->kind == T::ELSE) previous = nullptr;
  if (previous && previous->kind == T::ELSE) {
    return build.error(range, "expected '{' or 'if' after 'else'");
  }
  if (!current) {
    bool before_body = expected.contains(symbol_kind::S_LBRACE) &&
                       !expected.contains(symbol_kind::S_RBRACE);
    return build.error(reader.end(), before_body ? "expected '{'" : "expected '}'");
  }
  build.error(range, expectation(expected, previous, at_start));
}

// Only the skeleton's own faults get here.
void Grammar::error(const location_type& where, const std::string& message) {
  build.error(where, message);
}

ast::Program parse(const base::SourceSet& sources, base::FileId file,
                   base::Diagnostics& diagnostics) {
  ast::Program program;
  std::vector<Token> tokens = scan(sources, file);
  auto size = static_cast<uint32_t>(sources.file(file).text().size());
  size_t begin = 0;
  while (begin < tokens.size()) {
    size_t end = probe_end(tokens, begin);
    // The end of an unfinished probe is shown at the last thing that was read.
    base::SourceRange at_end = end == tokens.size() && size > 0
                                   ? base::SourceRange{file, tokens.back().range.begin,
                                                       tokens.back().range.end}
                                   : tokens[end - 1].range;
    Builder build(program, diagnostics);
    parse_probe(std::span(tokens).subspan(begin, end - begin), at_end, build);
    begin = end;
  }
  return program;
}

}  // namespace gimlet::parser
