// -i: the interactive session.
#pragma once

#include "ast/sema/analyze.h"
#include "cli/messages.h"
#include "cli/options.h"
#include "kernel/kernel.h"

namespace gimlet::cli {

// Whether the options make sense with -i; an Error names the one that does not.
base::Status check_interactive(const CommandLine& line);

// Returns the status to exit with.
int explore(const CommandLine& line, ast::sema::Options options, std::vector<uint64_t> unwound_pids,
            std::unique_ptr<kernel::Kernel> kernel, int results, const Messages& messages);

}  // namespace gimlet::cli
