// From the FILE part of a user probe to files (probes-and-stdlib B2.9 "File resolution").
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace gimlet::kernel {

// Library short names, paths, the folders of PATH, wildcards. `pid`: the -p process or 0; its
// mappings, PATH and root are then used. Never empty on success. The same file under two names
// counts once, except for wildcards, which keep all names. An empty text is the executable of
// `pid`.
base::Result<std::vector<std::string>> resolve_binary(const std::string& text, uint64_t pid);

}  // namespace gimlet::kernel
