// gimlet: only decides what to do; run.cpp does it.

#include <fcntl.h>

#include <csignal>
#include <cstdio>

#include "cli/deep_stack.h"
#include "cli/environment.h"
#include "cli/help.h"
#include "cli/messages.h"
#include "cli/options.h"
#include "cli/run.h"

namespace {

// A standard stream that is closed must not become one of the files that are opened later. What
// takes its place can be neither read nor written, just like a closed one.
void keep_standard_streams() {
  for (int fd = 0; fd <= 2; fd++) {
    if (fcntl(fd, F_GETFD) < 0 && open("/", O_PATH) < 0) return;
  }
}

int run_command(int argc, char** argv) {
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

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of write(2)
  return gimlet::cli::on_deep_stack([&] { return run_command(argc, argv); });
}
