// Breaks a line that is too long at the commas of a list (arguments, keys, elements), or if it has
// none, at its `&&` and `||`.
#pragma once

#include <string>
#include <vector>

namespace gimlet::frontend {

// The lines of a statement that is printed at `indent`. One line if it fits, or if it has no
// list to break, or lines already.
std::vector<std::string> wrap(const std::string& statement, size_t indent);

}  // namespace gimlet::frontend
