// The page of all diagnostics, made from the catalogue.
#pragma once

#include <string>

namespace gimlet::ast {

// Markdown; docs/diagnostics.md holds it, written by scripts/gen-diagnostics.
std::string diagnostics_page();

}  // namespace gimlet::ast
