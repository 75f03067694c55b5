// Parameters of user functions, and where a call passes them (probes-and-stdlib B2.9, B12).
//
// At a function's entry the debug information's own locations do not hold yet, or only from a later
// instruction on; the calling convention does. So the place of each parameter is computed from the
// types of all: integers and pointers take argument registers in order, floating point takes
// others, small structures take one or two registers, large ones lie on the stack.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ast/type.h"
#include "base/result.h"
#include "kernel/dwarf_types.h"
#include "kernel/kernel.h"

namespace gimlet::kernel {

// The function whose code starts at an ELF address.
base::Result<UserPrototype> find_prototype(DwarfFile& dwarf, DwarfTypes& types, uint64_t address);

}  // namespace gimlet::kernel
