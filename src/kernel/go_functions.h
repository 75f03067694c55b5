// Functions made by Go's compiler, in which probes cannot simply go to the first instruction and
// wait at the caller for the return:
//
// - A function first looks whether the stack has room; if not, the stack is moved and the function
//   is started again. So a call may come to the first instruction twice, but only once past that.
// - When the stack is moved, the runtime looks at every return address on it. One that a return
//   probe has replaced makes it give up. So returns are seen at the return instructions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "kernel/elf.h"

namespace gimlet::kernel {

// The code that Go's compiler made in a file, as ELF addresses; nothing if there is none.
struct GoCode {
  uint64_t begin = 0;
  uint64_t end = 0;
};
std::optional<GoCode> find_go_code(const ElfFile& file);

// Where probes on a function go.
base::Result<GoFunction> read_go_function(const ElfFile& file, const FunctionSymbol& function);

// How many bytes at the start of x86 code look for room on the stack; 0 if none do.
uint32_t stack_check_length(std::span<const uint8_t> code);

}  // namespace gimlet::kernel
