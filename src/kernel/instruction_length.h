// Where instructions start. A breakpoint inside an instruction corrupts the traced program, so a
// place in the middle of a function is checked before a probe is put there.
//
// Nothing needs to be known of an instruction but its length. On arm64 that is always 4; on x86_64
// it follows from the prefixes, the opcode and the bytes that say where the operands are.
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "kernel/elf.h"

namespace gimlet::kernel {

// Bytes of the first 64-bit x86 instruction; 0 if it is not one, or is not whole.
uint32_t x86_instruction_length(std::span<const uint8_t> code);

// Whether an instruction starts at `address`, walking from the start of the function. An Error if
// that cannot be decided.
base::Result<bool> instruction_starts(const ElfFile& file, const FunctionSymbol& function,
                                      uint64_t address);

}  // namespace gimlet::kernel
