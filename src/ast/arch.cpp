#include "ast/arch.h"

#include <charconv>

namespace gimlet::ast {

#if defined(__x86_64__)

std::optional<uint32_t> register_offset(std::string_view name) {
  // In the order of the kernel's struct pt_regs, 8 bytes each.
  constexpr std::string_view kNames[] = {"r15", "r14",      "r13", "r12", "bp",    "bx", "r11",
                                         "r10", "r9",       "r8",  "ax",  "cx",    "dx", "si",
                                         "di",  "orig_rax", "ip",  "cs",  "flags", "sp", "ss"};
  if (name == "pc") name = "ip";
  if (name == "eflags") name = "flags";
  for (uint32_t i = 0; i < std::size(kNames); i++) {
    if (name == kNames[i]) return 8 * i;
  }
  return std::nullopt;
}

std::optional<uint32_t> dwarf_register_offset(uint64_t number) {
  constexpr std::string_view kNames[] = {"ax", "dx", "cx",  "bx",  "si",  "di",  "bp",  "sp",
                                         "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"};
  return number < std::size(kNames) ? register_offset(kNames[number]) : std::nullopt;
}

std::optional<uint32_t> go_argument_offset(uint32_t number) {
  constexpr std::string_view kNames[] = {"ax", "bx", "cx", "di", "si", "r8", "r9", "r10", "r11"};
  return number < std::size(kNames) ? register_offset(kNames[number]) : std::nullopt;
}

std::span<const std::string_view> watchpoint_modes() {
  static constexpr std::string_view kModes[] = {"w", "rw", "x"};
  return kModes;
}

#elif defined(__aarch64__)

std::optional<uint32_t> register_offset(std::string_view name) {
  if (name == "sp") return 248;
  if (name == "pc") return 256;
  if (name == "pstate") return 264;
  if (name == "compat_fp") name = "r11";
  if (name == "compat_sp") name = "r13";
  if (name == "compat_lr") name = "r14";
  if (name.starts_with("regs[") && name.ends_with("]")) {
    name = name.substr(5, name.size() - 6);
  } else if (name.starts_with("r")) {
    name.remove_prefix(1);
  } else {
    return std::nullopt;
  }
  uint32_t number = 0;
  auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (failure != std::errc() || end != name.data() + name.size() || number > 30)
    return std::nullopt;
  return 8 * number;
}

std::optional<uint32_t> dwarf_register_offset(uint64_t number) {
  return number <= 31 ? std::optional<uint32_t>(8 * static_cast<uint32_t>(number)) : std::nullopt;
}

std::optional<uint32_t> go_argument_offset(uint32_t number) {
  return number < 16 ? std::optional<uint32_t>(8 * number) : std::nullopt;
}

std::span<const std::string_view> watchpoint_modes() {
  static constexpr std::string_view kModes[] = {"r", "w", "rw", "x"};
  return kModes;
}

#endif

uint32_t argument_offset(uint32_t number) {
  return register_offset(kArgumentNames[number]).value();
}

}  // namespace gimlet::ast
