// Text -> ast::Program.
#pragma once

#include <optional>

#include "ast/node.h"
#include "base/diagnostics.h"
#include "base/source.h"

namespace gimlet::parser {

// Parses one file of `sources`. The first syntax error goes to `diagnostics` with the prefix
// "syntax: "; what is returned then holds the items before it. Nodes are numbered from `first_id`,
// so that several files can become one program. The first `from` bytes of the file are passed over.
ast::Program parse(const base::SourceSet& sources, base::FileId file,
                   base::Diagnostics& diagnostics, ast::NodeId first_id = 0, uint32_t from = 0);

// Parses a text that is one expression. Null after a mistake.
ast::ExprPtr parse_expression(const base::SourceSet& sources, base::FileId file,
                              base::Diagnostics& diagnostics, ast::NodeId first_id = 0);

// Parses a text that could stand between the braces of a probe. What it is becomes the only probe
// of a program, without an attach point; nothing after a mistake.
std::optional<ast::Program> parse_statements(const base::SourceSet& sources, base::FileId file,
                                             base::Diagnostics& diagnostics);

}  // namespace gimlet::parser
