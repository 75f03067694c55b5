// Text -> ast::Program.
#pragma once

#include "ast/node.h"
#include "base/diagnostics.h"
#include "base/source.h"

namespace gimlet::parser {

// Parses one file of `sources`. Syntax errors go to `diagnostics` with the prefix "syntax: "; what
// is returned then holds the items that could be read. Nodes are numbered from `first_id`, so that
// several files can become one program.
ast::Program parse(const base::SourceSet& sources, base::FileId file,
                   base::Diagnostics& diagnostics, ast::NodeId first_id = 0);

// Parses a text that is one expression. Null after a mistake.
ast::ExprPtr parse_expression(const base::SourceSet& sources, base::FileId file,
                              base::Diagnostics& diagnostics, ast::NodeId first_id = 0);

}  // namespace gimlet::parser
