// Text -> tree, in two steps: read() parses the program with what it imports and its C definitions,
// expand() replaces the uses of macros. Between the two the C definitions get their meaning, since
// macros may come from headers, too.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ast/c_definitions.h"
#include "ast/node.h"
#include "base/diagnostics.h"
#include "base/source.h"
#include "frontend/library.h"

namespace gimlet::frontend {

// Called with the tree after each pass, for `-d ast`.
using AfterPass = std::function<void(const char* pass, const ast::Program&)>;

struct ReadOptions {
  std::string folder;                       // of the script: where its imports are looked for
  std::vector<std::string> import_folders;  // then here
  std::vector<std::string> c_text;          // lines that stand before the program's C text
  std::function<bool()> have_btf;           // asked only by programs with C text
  // Whether the program's settings allow `import` as a statement.
  std::function<bool(const ast::Program&)> imports_in_blocks;
  AfterPass after_pass;
};

struct Source {
  ast::Program program;
  ast::CDefinitions definitions;
  bool c_mistakes = false;  // errors are in the C text
};

// The program of one file of `sources`. If there are errors, what is returned is of no use.
Source read(base::SourceSet& sources, base::FileId file, const ReadOptions& options,
            base::Diagnostics& diagnostics);

// The same for a program that has been parsed already.
Source complete(ast::Program program, base::SourceSet& sources, const ReadOptions& options,
                base::Diagnostics& diagnostics);

void expand(ast::Program& program, base::SourceSet& sources, FindCMacro find_c_macro,
            const AfterPass& after_pass, base::Diagnostics& diagnostics);

}  // namespace gimlet::frontend
