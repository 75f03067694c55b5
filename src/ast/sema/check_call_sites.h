// How many asynchronous calls of one kind a program may have (cli-and-output C13).
#pragma once

#include "ast/sema/facts.h"

namespace gimlet::ast::sema {

// Reports, for each kind, the first call that is too many. Copies of a probe for its targets have
// their calls in common. Events must have been planned.
void check_call_sites(ProgramFacts& facts);

}  // namespace gimlet::ast::sema
