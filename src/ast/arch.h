// What the language needs to know of the machine's calling convention (probes-and-stdlib B12).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace gimlet::ast {

#if defined(__x86_64__)
constexpr const char* kArchitecture = "x86_64";
constexpr const char* kArgumentNames[] = {"di", "si", "dx", "cx", "r8", "r9"};
constexpr const char* kReturnName = "ax";
// Structures that fit no registers lie on the stack; the place of such a result is argument 0.
constexpr bool kLargeArgumentsOnStack = true;
constexpr bool kResultAddressIsArgument = true;
// What a call leaves on the stack, below the arguments that are passed there.
constexpr uint32_t kReturnAddressSize = 8;
constexpr uint32_t kFloatArgumentRegisters = 8;
#elif defined(__aarch64__)
constexpr const char* kArchitecture = "arm64";
constexpr const char* kArgumentNames[] = {"r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7"};
constexpr const char* kReturnName = "r0";
// They are passed by address; the place of such a result is in a register of its own.
constexpr bool kLargeArgumentsOnStack = false;
constexpr bool kResultAddressIsArgument = false;
constexpr uint32_t kReturnAddressSize = 0;
constexpr uint32_t kFloatArgumentRegisters = 8;
#else
#error "gimlet knows the registers of x86_64 and arm64 only"
#endif
constexpr uint32_t kArgumentRegisters = sizeof(kArgumentNames) / sizeof(kArgumentNames[0]);

// Byte offset in struct pt_regs of the register of an integer argument, `number` < the above.
uint32_t argument_offset(uint32_t number);

// Byte offset in struct pt_regs of a register as reg() names it.
std::optional<uint32_t> register_offset(std::string_view name);

// The same of a register as DWARF numbers it; none for those that are no general registers.
std::optional<uint32_t> dwarf_register_offset(uint64_t number);
// The same of the integer arguments of Go functions, in order.
std::optional<uint32_t> go_argument_offset(uint32_t number);

// What hardware breakpoints can notice, as sets of the letters r, w and x.
std::span<const std::string_view> watchpoint_modes();

}  // namespace gimlet::ast
