#include "runtime/command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/owners.h"

namespace gimlet::runtime {
namespace {

// Reads to the end, or up to a limit.
bool read_all(int fd, std::string& text, size_t limit) {
  char buffer[16384];
  while (text.size() < limit) {
    ssize_t count = ::read(fd, buffer, std::min(sizeof(buffer), limit - text.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    if (count == 0) return true;
    text.append(buffer, static_cast<size_t>(count));
  }
  return true;
}

// The shell with both outputs into the pipe. It gets the signals back that we take by descriptor.
int spawn_shell(const std::string& command, int out, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::string text = command;
  char shell[] = "sh", option[] = "-c";
  char* words[] = {shell, option, text.data(), nullptr};
  int error = posix_spawn(&pid, "/bin/sh", &actions, &attributes, words, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

base::Result<CommandResult> run_command(const std::string& command) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return base::system_error(errno, "Failed to make a pipe");
  base::UniqueFd in(ends[0]);
  base::UniqueFd out(ends[1]);
  pid_t pid = 0;
  if (int error = spawn_shell(command, out.get(), pid)) {
    return base::system_error(error, "Failed to run a shell");
  }
  out = base::UniqueFd();
  CommandResult result;
  read_all(in.get(), result.said, SIZE_MAX);
  while (waitpid(pid, &result.status, 0) < 0) {
    if (errno != EINTR) return base::system_error(errno, "Failed to wait for a command");
  }
  return result;
}

base::Result<std::string> read_start(const std::string& path, size_t limit) {
  base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string bytes;
  if (file && read_all(file.get(), bytes, limit)) return bytes;
  int error = errno;
  return base::Error{
      fmt::format("failed to open file '{}' ({})", path, strerror(error)), {}, error, 1};
}

}  // namespace gimlet::runtime
