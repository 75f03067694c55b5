// Stops a child at the entry point of its program: the libraries that it is linked with are mapped,
// and none of its own code has run.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>

#include "base/result.h"

namespace gimlet::runtime {

// Traces the child by ptrace(2), lets it execute its program (`execute`), and leaves it stopped at
// its entry point; let_go() ends that. If the child ends first, its wait status is in `ended`.
base::Status stop_at_entry(pid_t pid, const std::function<base::Status()>& execute,
                           std::optional<int>& ended);
void let_go(pid_t pid);

}  // namespace gimlet::runtime
