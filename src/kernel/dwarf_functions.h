// Parameters of user functions, and where a call passes them (probes-and-stdlib B2.9, B12).
//
// Unoptimized code tells where a parameter lies once it is stored to the stack, which it is not yet
// at the entry; there, the calling convention says it (calling_convention.h). Optimized code tells
// place after place as the code goes on (entry_location.h).
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
