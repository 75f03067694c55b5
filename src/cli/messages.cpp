#include "cli/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace gimlet::cli {
namespace {

constexpr int kRed = 31, kYellow = 33;

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
  if (!error.message.empty()) show("ERROR", kRed, colour, error.message);
  if (!error.hint.empty()) fmt::print(stderr, "HINT: {}\n", error.hint);
  return error.exit_status;
}

int Messages::error(const std::string& text, int exit_status) const {
  return error(base::Error{text, "", 0, exit_status});
}

void Messages::warning(const std::string& text) const {
  if (warnings && !text.empty()) show("WARNING", kYellow, colour, text);
}

std::string Messages::coloured(const std::string& lines) const {
  if (!colour) return lines;
  std::string out;
  for (size_t at = 0; at < lines.size();) {
    size_t end = std::min(lines.find('\n', at), lines.size());
    std::string line = lines.substr(at, end - at);
    int code = line.starts_with("ERROR: ") ? kRed : line.starts_with("WARNING: ") ? kYellow : 0;
    out += code ? fmt::format("\033[{}m{}\033[0m", code, line) : line;
    if (end < lines.size()) out += '\n';
    at = end + 1;
  }
  return out;
}

}  // namespace gimlet::cli
