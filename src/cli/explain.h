// `gimlet --explain CODE`: the page about a diagnostic.
#pragma once

#include <string>

namespace gimlet::cli {

// Prints the page of a code, or of a message that is given in its place; `list` prints every code
// with its message. Returns the exit status: 1 if nothing is known by that name.
int explain_code(const std::string& code);

}  // namespace gimlet::cli
