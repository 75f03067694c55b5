#include "interactive/text_editor.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "base/owners.h"

namespace gimlet::interactive {
namespace {

std::string editor() {
  for (const char* variable : {"VISUAL", "EDITOR"}) {
    const char* value = getenv(variable);
    if (value && *value) return value;
  }
  return "vi";
}

// The session keeps signals waiting; the editor must see them.
int run_editor(const std::string& file) {
  std::string command = fmt::format("{} \"$1\"", editor());
  pid_t child = fork();
  if (child == 0) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execl("/bin/sh", "sh", "-c", command.c_str(), "sh", file.c_str(), nullptr);
    _exit(127);
  }
  int status = -1;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}

}  // namespace

base::Result<std::string> edit_text(const std::string& text) {
  char file[] = "/tmp/gimlet-edit-XXXXXX";
  base::UniqueFd fd(mkstemp(file));
  if (!fd) return base::system_error(errno, "Failed to make a file for the editor");
  std::string whole = text + "\n";
  bool written =
      ::write(fd.get(), whole.data(), whole.size()) == static_cast<ssize_t>(whole.size());
  int status = written ? run_editor(file) : -1;
  base::Result<std::string> edited = base::read_file(file);
  unlink(file);
  if (status != 0) {
    return base::Error{fmt::format("The editor '{}' failed", editor()), "set EDITOR", 0, 1};
  }
  if (!edited) return edited.error();
  while (edited->ends_with('\n')) edited->pop_back();
  return edited;
}

}  // namespace gimlet::interactive
