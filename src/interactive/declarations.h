// What earlier cells declare (macros, functions, C definitions, imports, map declarations), put in
// front of what is compiled now. A newer declaration of the same name takes the older one's place.
#pragma once

#include <vector>

#include "ast/node.h"
#include "base/source.h"
#include "interactive/cell.h"

namespace gimlet::interactive {

// Whether the program declares something that others can use.
bool declares(const ast::Program& program);

// The program behind the declarations of `cells`, in their order. Their texts are added to
// `sources`.
ast::Program with_declarations(ast::Program program, const std::vector<const Cell*>& cells,
                               base::SourceSet& sources);

}  // namespace gimlet::interactive
