// Where a parameter lies at the entry of its function, if the debug information says so: in
// optimized code there is a list of places, each with the code for which it holds, or one register
// for all of it. What is on the stack before the function makes its own frame is told from the
// caller's end of it (the "canonical frame address" of DWARF).
//
// Where a compiler knows all callers it need not follow the calling convention: it leaves
// parameters out, and passes what a pointer leads to instead of it.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>

#include "kernel/kernel.h"

namespace gimlet::kernel {

enum class EntryLocation : uint8_t {
  None,     // it has no place at the entry
  InFrame,  // it has one in the function's own frame, which is not there yet
  Agrees,   // with the place that the parameter has already
  Differs,  // the parameter was given another place, or none
};

// `address`: the function's entry.
EntryLocation place_by_location(Dwarf_Die& parameter, Dwarf_Die& function, uint64_t address,
                                UserPrototype::Parameter& placed);

}  // namespace gimlet::kernel
