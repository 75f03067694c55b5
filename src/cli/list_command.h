// `-l`: what the system has, or the probes of a program (cli-and-output C2).
#pragma once

#include "ast/typed_program.h"
#include "cli/messages.h"
#include "cli/options.h"
#include "kernel/kernel.h"

namespace gimlet::cli {

// Whether `-l` is about a program: `-l FILE`, `-l -e PROGRAM`.
bool lists_program(const CommandLine& line);

// Both print, and return the exit status. `pid`: of -p.
int list_system(const CommandLine& line, uint64_t pid, kernel::Kernel& kernel,
                const Messages& messages);
int list_probes(const CommandLine& line, const ast::TypedProgram& program, uint64_t pid,
                kernel::Kernel& kernel, const Messages& messages);

}  // namespace gimlet::cli
