// gimlet: only decides what to do; run.cpp does it.

#include "cli/environment.h"
#include "cli/messages.h"
#include "cli/options.h"
#include "cli/run.h"

int main(int argc, char** argv) {
  using namespace gimlet::cli;
  Messages messages;
  std::string colour_warning;
  messages.colour = want_colour(colour_warning);
  if (!colour_warning.empty()) messages.warning(colour_warning);
  Parsed parsed = parse_command_line(argc, argv);
  if (!parsed.command_line) return parsed.exit_status;
  messages.warnings = parsed.command_line->warnings;
  return run(*parsed.command_line, messages);
}
