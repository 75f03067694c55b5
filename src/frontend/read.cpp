#include "frontend/read.h"

#include "frontend/expand_macros.h"
#include "frontend/library.h"
#include "parser/parse.h"

namespace gimlet::frontend {

ast::Program read(base::SourceSet& sources, base::FileId file, const ReadOptions& options,
                  base::Diagnostics& diagnostics) {
  auto show = [&](const char* pass, const ast::Program& program) {
    if (options.after_pass) options.after_pass(pass, program);
  };
  ast::Program program = parser::parse(sources, file, diagnostics);
  show("parse", program);
  if (diagnostics.has_errors()) return program;

  Library library(sources, {});
  expand_macros(program, sources, library, diagnostics);
  show("expand macros", program);
  return program;
}

}  // namespace gimlet::frontend
