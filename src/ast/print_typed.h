// Prints a TypedProgram for `-d types`, in three parts, and for the golden tests.
#pragma once

#include <string>

#include "ast/typed_program.h"

namespace gimlet::ast {

// The functions that the program defines or imports.
std::string print_functions(const TypedProgram& program);
// The variables of each program, and the maps with their storage.
std::string print_variables(const TypedProgram& program);
// Each program with its targets and the types of its expressions, and the events with the layout
// of their records.
std::string print_programs(const TypedProgram& program);

// Programs with targets and variables, maps, and events.
std::string print_typed(const TypedProgram& program);

}  // namespace gimlet::ast
