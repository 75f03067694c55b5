// Text -> ast::Program.
#pragma once

#include "ast/node.h"
#include "base/diagnostics.h"
#include "base/source.h"

namespace gimlet::parser {

// Parses one file of `sources`. Syntax errors go to `diagnostics` with the prefix "syntax: "; what
// is returned then holds the probes that could be read.
ast::Program parse(const base::SourceSet& sources, base::FileId file,
                   base::Diagnostics& diagnostics);

}  // namespace gimlet::parser
