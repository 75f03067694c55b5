// Imported C sources and object files (language §2.4): compiled, read and put together.
//
// C sources go through clang as a process of its own, like headers (clang_process.h).
#pragma once

#include <string>
#include <vector>

#include "ast/external_code.h"
#include "ast/node.h"
#include "base/diagnostics.h"

namespace gimlet::kernel {

// What the files offer. Mistakes and the compiler's warnings are reported at the imports.
// `include_folders` are searched by C sources after their own folder and those of imported headers.
ast::ExternalCode read_external_code(const std::vector<ast::ExternalSource>& sources,
                                     const std::vector<std::string>& include_folders,
                                     base::Diagnostics& diagnostics);

}  // namespace gimlet::kernel
