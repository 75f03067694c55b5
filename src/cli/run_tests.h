// --test and --bench: the programs that are run on request, one after the other, and the report of
// how that went (cli-and-output C1.10).
#pragma once

#include "cli/messages.h"
#include "cli/options.h"
#include "runtime/session.h"

namespace gimlet::cli {

runtime::RunMode run_mode(const CommandLine& line);

// Runs them and writes the report to `out`. Returns the status to exit with.
int run_on_request(const CommandLine& line, runtime::Session& session, runtime::Sink& out,
                   const Messages& messages);

}  // namespace gimlet::cli
