#include "cli/list_user.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>

namespace gimlet::cli {

std::vector<std::string> user_parameter_lines(kernel::Kernel& kernel, const std::string& path,
                                              const kernel::FunctionSymbol& function,
                                              std::set<std::string>& warned) {
  std::vector<std::string> lines;
  auto prototype = kernel.user_prototype(path, function.address);
  if (!prototype.ok()) {
    bool without = prototype.error().errnum == ENOENT;
    if (without && warned.insert(path).second) {
      fmt::print(stderr, "WARNING: No DWARF found for \"{}\", cannot show parameter info\n", path);
    }
    return lines;
  }
  for (const auto& parameter : prototype->parameters) {
    lines.push_back(fmt::format("    {} {}", parameter.c_type, parameter.name));
  }
  return lines;
}

}  // namespace gimlet::cli
