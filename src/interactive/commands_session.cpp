// Commands about the session itself.
#include <fmt/format.h>

#include <cstdlib>

#include "base/owners.h"
#include "interactive/session_file.h"
#include "interactive/settings.h"
#include "interactive/shell.h"

namespace gimlet::interactive {

namespace {

constexpr size_t kUsualHistory = 20;

std::string counted(size_t count, const char* thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

}  // namespace

Reply load_command(Shell& shell, const Arguments& arguments) {
  base::Result<std::string> text = base::read_file(arguments.rest);
  if (!text) return mistake(text.error());
  for (const std::string& entry : entries_of(*text)) {
    Outcome outcome = shell.exploration().enter(entry);
    bool failed = outcome.failed();
    shell.show(outcome);
    if (failed) return mistake(fmt::format("'{}' was not loaded to its end", arguments.rest));
  }
  return {};
}

Reply save_command(Shell& shell, const Arguments& arguments) {
  base::Status written = write_session(shell.exploration(), arguments.rest);
  if (!written.ok()) return mistake(written.error());
  return {true,
          fmt::format("{} written to {}", counted(shell.exploration().cells().size(), "cell"),
                      arguments.rest),
          {},
          {}};
}

Reply history_command(Shell& shell, const Arguments& arguments) {
  size_t wanted = kUsualHistory;
  if (arguments.size() > 0) wanted = strtoull(arguments[0].c_str(), nullptr, 10);
  const std::vector<std::string>& all = shell.history();
  Reply reply;
  for (size_t i = all.size() - std::min(wanted, all.size()); i < all.size(); i++) {
    reply.text += all[i] + (all[i].ends_with('\n') ? "" : "\n");
  }
  return reply;
}

Reply record_command(Shell& shell, const Arguments& arguments) {
  if (arguments.rest == "off") {
    shell.screen().stop_recording();
    return {};
  }
  return reply_of(shell.screen().record(arguments.rest));
}

Reply set_command(Shell& shell, const Arguments& arguments) {
  if (arguments.size() == 0) return {true, {}, {}, all_settings(shell)};
  std::string value = arguments.rest.substr(arguments[0].size());
  value.erase(0, value.find_first_not_of(" \t"));
  if (arguments.size() == 1) return show_setting(shell, arguments[0]);
  return change_setting(shell, arguments[0], value);
}

Reply pause_command(Shell& shell, const Arguments&) {
  shell.screen().show_results();
  shell.screen().pause();
  return {true, "Results are held back; .resume shows them", {}, {}};
}

Reply resume_command(Shell& shell, const Arguments&) {
  shell.screen().resume();
  return {};
}

Reply wait_command(Shell& shell, const Arguments& arguments) {
  char* end = nullptr;
  double seconds = strtod(arguments[0].c_str(), &end);
  if (*end == 's') end++;
  if (*end || seconds < 0 || seconds > 1e6) {
    return mistake(fmt::format("'{}' is no number of seconds", arguments[0]));
  }
  shell.wait(std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000)));
  return {};
}

Reply quit_command(Shell& shell, const Arguments&) {
  shell.finish();
  return {};
}

}  // namespace gimlet::interactive
