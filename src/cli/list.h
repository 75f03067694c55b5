// Listing of probes and types (spec C2).
#pragma once

#include <string>
#include <vector>

#include "ast/typed_program.h"
#include "base/result.h"
#include "kernel/kernel.h"

namespace gimlet::cli {

// The lines for a comma-separated list of patterns; with `verbose` each probe is followed by its
// arguments. Patterns without a match give nothing.
base::Result<std::vector<std::string>> list_patterns(const std::string& patterns, bool verbose,
                                                     uint64_t pid, kernel::Kernel& kernel);

// The probes of a program, in order, without begin and end.
std::vector<std::string> list_program(const ast::TypedProgram& program);

}  // namespace gimlet::cli
