// /proc/kallsyms: the addresses of the kernel's symbols, one "ADDRESS TYPE NAME [MODULE]" a line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gimlet::kernel {

// The first symbol with that name, in one pass over the file. Nothing if it is unknown, the file
// cannot be read, or the kernel shows addresses as 0 (kptr_restrict, no CAP_SYSLOG).
std::optional<uint64_t> find_kernel_symbol(const std::string& path, const std::string& name);

// The other names of the symbol: those with the same address. Two passes over the file.
std::vector<std::string> find_kernel_aliases(const std::string& path, const std::string& name);

}  // namespace gimlet::kernel
