// The parts of an attach point (probes-and-stdlib B1.2), which the scanner gives as one raw text.
//
// `myname=uprobe:"/opt/a b":f@2` has the parts `uprobe`, `/opt/a b` (quoted), `f`, `@`, `2`.
#pragma once

#include <string>

#include "ast/node.h"

namespace gimlet::parser {

// Everything but the id. `range` is where `text` stands.
ast::AttachPoint split_attach_point(std::string text, ast::SourceRange range);

}  // namespace gimlet::parser
