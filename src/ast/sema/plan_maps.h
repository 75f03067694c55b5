// Decides how each map is stored (see ast/map_plan.h).
#pragma once

#include "ast/sema/facts.h"

namespace gimlet::ast::sema {

// Gives a type to maps that are only read, so that inference can go on. True if that changed
// anything. Maps that no use gives a type to are reported as undefined.
bool settle_open_maps(ProgramFacts& facts);

void plan_maps(ProgramFacts& facts);

}  // namespace gimlet::ast::sema
