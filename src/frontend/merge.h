// Several texts as one program: what is imported, and what earlier entries of a session declared,
// is parsed by itself and put before what is to be compiled.
#pragma once

#include "ast/node.h"

namespace gimlet::frontend {

// Everything of `more` behind everything of `program`. Their nodes must have been numbered so that
// no number comes twice.
void merge(ast::Program& program, ast::Program more);

}  // namespace gimlet::frontend
