// Which of its functions the kernel lets programs call depends on the kind of program, and differs
// between versions. The only sure way to know is to have it check a small program.
#pragma once

#include <cstdint>

#include "ast/provider.h"

namespace gimlet::kernel {

// `function`: its id in vmlinux's BTF. `tracing_target`: id of any traced BTF type, for programs
// that must have one.
bool kernel_allows_call(uint32_t function, ast::ProviderId provider, uint32_t tracing_target);

}  // namespace gimlet::kernel
