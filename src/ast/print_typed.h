// Prints a TypedProgram for `-d types` and the golden tests: programs with their targets and
// variables, maps with their storage, events with the layout of their records.
#pragma once

#include <string>

#include "ast/typed_program.h"

namespace gimlet::ast {

std::string print_typed(const TypedProgram& program);

}  // namespace gimlet::ast
