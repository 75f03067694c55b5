// What is to be said of the headers that a program includes.
#pragma once

#include <string>
#include <vector>

#include "ast/c_definitions.h"
#include "base/diagnostics.h"
#include "base/source.h"

namespace gimlet::cli {

// Reports headers that are nowhere. `folders` are those of -I.
void check_headers(const ast::CDefinitions& definitions, const base::SourceSet& sources,
                   const std::vector<std::string>& folders, base::Diagnostics& diagnostics);

// The same diagnostics; where a name is unknown that only a header of the kernel may define, which
// is not installed, they say so.
base::Diagnostics with_header_hints(const base::Diagnostics& diagnostics,
                                    const ast::CDefinitions& definitions);

}  // namespace gimlet::cli
