#include "parser/parse.h"

#include "parser/build.h"
#include "parser/scanner.h"
#include "parser/token_filter.h"

namespace gimlet::parser {
namespace {

// Some editors begin a text with a mark that says in what order its bytes are.
uint32_t behind_byte_order_mark(std::string_view text, uint32_t from) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return from == 0 && text.starts_with(kMark) ? static_cast<uint32_t>(kMark.size()) : from;
}

}  // namespace

ast::Program parse(const base::SourceSet& sources, base::FileId file,
                   base::Diagnostics& diagnostics, ast::NodeId first_id, uint32_t from) {
  std::string_view text = sources.file(file).text();
  Scanner scanner(text, file, Scanner::Start::Item, behind_byte_order_mark(text, from));
  Builder build(text, diagnostics, first_id);
  TokenFilter tokens(scanner, text, build);

  // Where the item with a mistake was meant to end can only be guessed, and a wrong guess makes
  // mistakes of what follows; so the first one is the last.
  while (!tokens.at_end()) {
    tokens.start_item();
    build.start_item();
    Grammar grammar(tokens, build);
    if (grammar.parse() == 0 && !build.failed()) continue;
    build.drop_item();
    break;
  }
  return build.take();
}

ast::ExprPtr parse_expression(const base::SourceSet& sources, base::FileId file,
                              base::Diagnostics& diagnostics, ast::NodeId first_id) {
  std::string_view text = sources.file(file).text();
  Scanner scanner(text, file, Scanner::Start::Expression);
  Builder build(text, diagnostics, first_id);
  TokenFilter tokens(scanner, text, build);
  tokens.start_expression();
  build.start_item();
  Grammar grammar(tokens, build);
  bool complete = grammar.parse() == 0 && !build.failed();
  ast::ExprPtr expression = build.take_expression();
  return complete ? std::move(expression) : nullptr;
}

std::optional<ast::Program> parse_statements(const base::SourceSet& sources, base::FileId file,
                                             base::Diagnostics& diagnostics) {
  std::string_view text = sources.file(file).text();
  Scanner scanner(text, file, Scanner::Start::InBlock);
  Builder build(text, diagnostics, 0);
  TokenFilter tokens(scanner, text, build);
  tokens.start_statements();
  build.start_item();
  Grammar grammar(tokens, build);
  if (grammar.parse() != 0 || build.failed()) return std::nullopt;
  ast::ExprPtr whole = build.take_expression();
  auto* block = whole ? std::get_if<ast::BlockExpr>(&whole->node) : nullptr;
  if (!block) return std::nullopt;
  ast::Block body = std::move(block->block);
  build.probe(whole->range, {}, nullptr, std::move(body));
  return build.take();
}

}  // namespace gimlet::parser
