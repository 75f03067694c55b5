#include "cli/messages.h"

#include <fmt/format.h>

#include <cstdio>

namespace gimlet::cli {
namespace {

void show(const char* label, int colour_code, bool colour, std::string text) {
  if (!text.empty() && text.back() == '\n') text.pop_back();
  // One write for each message: lines of standard output and error may share a pipe.
  std::string line = colour ? fmt::format("\033[{}m{}: {}\033[0m\n", colour_code, label, text)
                            : fmt::format("{}: {}\n", label, text);
  fflush(stdout);
  fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

int Messages::error(const base::Error& error) const {
  if (!error.message.empty()) show("ERROR", 31, colour, error.message);
  if (!error.hint.empty()) fmt::print(stderr, "HINT: {}\n", error.hint);
  return error.exit_status;
}

int Messages::error(const std::string& text, int exit_status) const {
  return error(base::Error{text, "", 0, exit_status});
}

void Messages::warning(const std::string& text) const {
  if (warnings && !text.empty()) show("WARNING", 33, colour, text);
}

}  // namespace gimlet::cli
