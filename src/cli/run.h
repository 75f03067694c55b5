// One run of gimlet from the parsed command line to the exit status.
#pragma once

#include "cli/messages.h"
#include "cli/options.h"

namespace gimlet::cli {

int run(const CommandLine& line, const Messages& messages);

}  // namespace gimlet::cli
