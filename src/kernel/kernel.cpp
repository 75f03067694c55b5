// What a system answers that knows nothing of debug information and machine code.
#include "kernel/kernel.h"

#include <fmt/format.h>

#include <cerrno>

namespace gimlet::kernel {

base::Result<uint64_t> Kernel::source_line(const std::string& path, const std::string&, uint64_t,
                                           uint64_t) {
  return base::Error{fmt::format("No DWARF debug info found for '{}', cannot attach by source code "
                                 "location.",
                                 path),
                     {}};
}

base::Result<UserPrototype> Kernel::user_prototype(const std::string& path, uint64_t) {
  return base::Error{fmt::format("no debuginfo found for {}", path), {}, ENOENT};
}

std::optional<std::string> Kernel::user_struct(const std::string&, const std::string&) {
  return std::nullopt;
}

std::optional<UserSymbol> Kernel::user_symbol(const std::string& path, const std::string& name) {
  auto found = function(path, name);
  if (!found.ok()) return std::nullopt;
  return UserSymbol{found->address, found->size};
}

std::optional<FunctionSymbol> Kernel::implementation(const std::string&, const FunctionSymbol&) {
  return std::nullopt;
}

base::Result<std::optional<GoFunction>> Kernel::go_function(const std::string&,
                                                            const FunctionSymbol&) {
  return std::optional<GoFunction>();
}

base::Result<bool> Kernel::instruction_starts(const std::string&, const FunctionSymbol& function,
                                              uint64_t address) {
  if (address == function.address) return true;
  return base::Error{"there is no disassembler for it", {}};
}

}  // namespace gimlet::kernel
