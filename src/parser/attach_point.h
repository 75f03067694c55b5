// The text of an attach point, taken apart at `:` and `@` outside quotes (probes-and-stdlib B1.2).
#pragma once

#include "ast/node.h"

namespace gimlet::parser {

// Fills range, text and parts of an attach point from its raw text. A name before `=` in the first
// part is dropped.
ast::AttachPoint split_attach_point(base::SourceRange range, const std::string& text);

}  // namespace gimlet::parser
