// Where a call passes its arguments, from the types of all parameters.
//
// In C and C++ integers and pointers take argument registers in order, floating point takes
// others, small structures take one or two, large ones lie on the stack. Go and Rust take
// structures apart and pass their members as if each were a parameter; how Rust passes what cannot
// be taken apart has changed over time, so from there on nothing is said.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "kernel/dwarf_file.h"
#include "kernel/dwarf_types.h"
#include "kernel/kernel.h"

namespace gimlet::kernel {

enum class Convention : uint8_t {
  C,
  Rust,
  Go,       // in registers, since Go 1.17
  GoStack,  // everything on the stack
};

Convention convention_of(const DwarfFile::Unit& unit);

// `dies` describe the parameters of `prototype`, whose places are filled in. Parameters that are
// passed by their address get a pointer type.
void place_by_convention(Convention convention, Dwarf_Die& function, std::vector<Dwarf_Die>& dies,
                         UserPrototype& prototype);

// --- for the conventions themselves ---

// Hands out registers and places on the stack.
class ArgumentPlaces {
 public:
  using RegisterOffset = std::optional<uint32_t> (*)(uint32_t number);
  ArgumentPlaces(RegisterOffset integers, uint32_t floats) : integers_(integers), floats_(floats) {}

  bool has(uint32_t integers, uint32_t floats) const;
  uint32_t take_integer() { return *integers_(next_integer_++); }
  void take_floats(uint32_t count) { next_float_ += count; }
  // From the stack pointer at the function's entry.
  uint32_t take_stack(uint64_t size, uint64_t alignment);

 private:
  RegisterOffset integers_;
  uint32_t floats_;
  uint32_t next_integer_ = 0;
  uint32_t next_float_ = 0;
  uint64_t stack_ = 0;
};

void place_go(bool in_registers, std::vector<Dwarf_Die>& dies, UserPrototype& prototype);
void place_rust(Dwarf_Die& function, std::vector<Dwarf_Die>& dies, UserPrototype& prototype);

bool is_float(Dwarf_Die& type);
bool is_structure(Dwarf_Die& type);
uint64_t size_of(Dwarf_Die& type);

}  // namespace gimlet::kernel
