#include "parser/parse.h"

#include "parser/build.h"
#include "parser/scanner.h"
#include "parser/token_filter.h"

namespace gimlet::parser {

// A text that is no program at all should not fill the screen.
constexpr size_t kMaxMistakes = 20;

ast::Program parse(const base::SourceSet& sources, base::FileId file,
                   base::Diagnostics& diagnostics) {
  std::string_view text = sources.file(file).text();
  Scanner scanner(text, file);
  Builder build(text, diagnostics);
  TokenFilter tokens(scanner, text, build);

  size_t mistakes = 0;
  while (!tokens.at_end() && mistakes < kMaxMistakes) {
    tokens.start_probe();
    build.start_probe();
    Grammar grammar(tokens, build);
    if (grammar.parse() == 0 && !build.failed()) continue;
    mistakes++;
    build.drop_probe();
    tokens.recover();
  }
  return build.take();
}

}  // namespace gimlet::parser
