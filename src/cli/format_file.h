// `--fmt`: formats a program and writes it to standard output or to the file of -o.
#pragma once

#include "cli/compile.h"
#include "cli/messages.h"
#include "cli/options.h"

namespace gimlet::cli {

// Returns the exit status. A file is replaced as a whole or not at all, and keeps its permissions.
int format_program(const CommandLine& line, ProgramSource program, const Messages& messages);

}  // namespace gimlet::cli
