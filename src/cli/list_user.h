// What a listing with -v shows of user functions.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "kernel/kernel.h"

namespace gimlet::cli {

// "    TYPE name" for each parameter of the function. A file without debug information is warned of
// on stderr the first time, and remembered in `warned`.
std::vector<std::string> user_parameter_lines(kernel::Kernel& kernel, const std::string& path,
                                              const kernel::FunctionSymbol& function,
                                              std::set<std::string>& warned);

}  // namespace gimlet::cli
