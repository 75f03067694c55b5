// gimlet: only decides what to do; run.cpp does it.

#include <cstdio>

#include "cli/environment.h"
#include "cli/help.h"
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
  if (!parsed.command_line) {
    if (!parsed.mistake.empty()) messages.error(parsed.mistake);
    if (parsed.show_help) fputs(help_text(name_of_program(argv[0])).c_str(), stderr);
    return parsed.exit_status;
  }
  messages.warnings = parsed.command_line->warnings;
  return run(*parsed.command_line, messages);
}
