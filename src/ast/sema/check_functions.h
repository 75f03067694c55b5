// `fn` definitions (language §14.7): parsed and checked; scripts cannot call them yet.
#pragma once

#include "ast/sema/facts.h"

namespace gimlet::ast::sema {

void check_functions(ProgramFacts& facts);

}  // namespace gimlet::ast::sema
