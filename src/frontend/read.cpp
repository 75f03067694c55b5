#include "frontend/read.h"

#include "frontend/expand_macros.h"
#include "frontend/imports.h"
#include "parser/c_parser.h"
#include "parser/parse.h"

namespace gimlet::frontend {

Source read(base::SourceSet& sources, base::FileId file, const ReadOptions& options,
            base::Diagnostics& diagnostics) {
  Source source;
  source.program = parser::parse(sources, file, diagnostics);
  if (options.after_pass) options.after_pass("parse", source.program);
  if (diagnostics.has_errors()) return source;
  return complete(std::move(source.program), sources, options, diagnostics);
}

Source complete(ast::Program parsed, base::SourceSet& sources, const ReadOptions& options,
                base::Diagnostics& diagnostics) {
  Source source;
  source.program = std::move(parsed);
  const ast::Program& program = source.program;
  bool in_blocks = options.imports_in_blocks && options.imports_in_blocks(program);
  if (!program.imports.empty() || (in_blocks && !program.block_imports.empty())) {
    import_files(source.program, sources, options.folder, options.import_folders, in_blocks,
                 diagnostics);
    if (options.after_pass) options.after_pass("import", source.program);
    if (diagnostics.has_errors()) return source;
  }
  std::vector<base::SourceRange> first;
  for (const std::string& line : options.c_text) {
    base::FileId command = sources.add("command line", line);
    first.push_back({command, 0, static_cast<uint32_t>(line.size())});
  }
  source.program.c_text.insert(source.program.c_text.begin(), first.begin(), first.end());
  if (!source.program.c_text.empty()) {
    std::vector<std::string> predefined;
    if (options.have_btf && options.have_btf()) {
      predefined = {"BPFTRACE_HAVE_BTF", "_LINUX_TYPES_H"};
    }
    source.definitions = parser::parse_c(sources, source.program.c_text, predefined, diagnostics);
    // A bracket that is not closed is a mistake in the script rather than in its C.
    source.c_mistakes = diagnostics.has_errors() &&
                        !diagnostics.all().front().message.starts_with("syntax: __attribute__");
  }
  return source;
}

void expand(ast::Program& program, base::SourceSet& sources, FindCMacro find_c_macro,
            const AfterPass& after_pass, base::Diagnostics& diagnostics) {
  Library library(sources, std::move(find_c_macro));
  expand_macros(program, sources, library, diagnostics);
  if (after_pass) after_pass("expand macros", program);
}

}  // namespace gimlet::frontend
