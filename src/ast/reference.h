// The reference page of probes, builtin values and functions, made from their tables.
#pragma once

#include <string>

namespace gimlet::ast {

// Markdown; docs/reference.md holds it, written by scripts/gen-reference.
std::string reference_page();

}  // namespace gimlet::ast
