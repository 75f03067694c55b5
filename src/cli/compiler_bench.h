// --mode compiler-bench: how long each pass of the compiler takes for a program. A pass that is
// over in microseconds is repeated until the sum can be trusted.
#pragma once

#include "ast/sema/analyze.h"
#include "base/source.h"
#include "cli/messages.h"
#include "cli/options.h"
#include "kernel/kernel.h"

namespace gimlet::cli {

// Prints the report and returns the exit status.
int bench_compiler(const CommandLine& line, const base::SourceFile& program, kernel::Kernel& kernel,
                   const ast::sema::Options& options, const Messages& messages);

}  // namespace gimlet::cli
