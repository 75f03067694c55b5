// /proc/kallsyms: the addresses of the kernel's symbols, one "ADDRESS TYPE NAME [MODULE]" a line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace gimlet::kernel {

// The first symbol with that name, in one pass over the file. Nothing if it is unknown, the file
// cannot be read, or the kernel shows addresses as 0 (kptr_restrict, no CAP_SYSLOG).
std::optional<uint64_t> find_kernel_symbol(const std::string& path, const std::string& name);

// The other names of the symbol: those with the same address. Two passes over the file.
std::vector<std::string> find_kernel_aliases(const std::string& path, const std::string& name);

// The functions of the kernel and its modules by name, read in one pass.
class KernelTextSymbols {
 public:
  static KernelTextSymbols read(const std::string& path);
  // Where the functions of that name are; several may have it.
  std::vector<uint64_t> addresses(const std::string& name) const;

 private:
  std::unordered_multimap<std::string, uint64_t> addresses_;
};

}  // namespace gimlet::kernel
