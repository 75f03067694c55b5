// Imports (language §2.4): what other files define becomes part of the program.
#pragma once

#include <string>
#include <vector>

#include "ast/node.h"
#include "base/diagnostics.h"
#include "base/source.h"

namespace gimlet::frontend {

// Reads what `program` imports, and what that imports, and puts it before the program's own items.
// Paths are relative to the `folder` of the importing script, or to one of `search`. What is
// imported by a statement is read only if `in_blocks`; it belongs to the whole program, too.
void import_files(ast::Program& program, base::SourceSet& sources, const std::string& folder,
                  const std::vector<std::string>& search, bool in_blocks,
                  base::Diagnostics& diagnostics);

}  // namespace gimlet::frontend
