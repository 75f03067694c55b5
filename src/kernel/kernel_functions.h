// Kernel functions as BTF describes them, for trampolines (fentry, fexit). BTF holds a function for
// each that pahole found to have one clear prototype; whether the kernel lets it be traced is
// another matter, which tracefs knows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/btf_types.h"
#include "kernel/kernel.h"
#include "kernel/traceable_functions.h"

namespace gimlet::kernel {

std::optional<KernelFunction> find_kernel_function(const BtfTypes& types, const std::string& name);

// Appends the file's functions whose "MODULE:FUNCTION" matches and that a trampoline can hold.
void add_matching_functions(const BtfTypes& types, const std::string& pattern,
                            const TraceableFunctions& traceable,
                            std::vector<KernelFunction>& found);

KernelPrototype read_prototype(const BtfTypes& types, uint32_t function_id);

}  // namespace gimlet::kernel
