// What the language needs to know of the machine's calling convention (probes-and-stdlib B12).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace gimlet::ast {

#if defined(__x86_64__)
constexpr const char* kArchitecture = "x86_64";
constexpr uint32_t kArgumentRegisters = 6;
#elif defined(__aarch64__)
constexpr const char* kArchitecture = "arm64";
constexpr uint32_t kArgumentRegisters = 8;
#else
#error "gimlet knows the registers of x86_64 and arm64 only"
#endif

// Byte offset in struct pt_regs of a register as reg() names it.
std::optional<uint32_t> register_offset(std::string_view name);

// What hardware breakpoints can notice, as sets of the letters r, w and x.
std::span<const std::string_view> watchpoint_modes();

}  // namespace gimlet::ast
