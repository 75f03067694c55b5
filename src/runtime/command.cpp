#include "runtime/command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/owners.h"
#include "runtime/end_process.h"

namespace gimlet::runtime {
namespace {

// Appends what one read(2) gives, which is returned: 0 at the end, -1 if it failed.
ssize_t read_some(int fd, std::string& text, size_t most) {
  char buffer[16384];
  ssize_t count;
  do {
    count = ::read(fd, buffer, std::min(sizeof(buffer), most));
  } while (count < 0 && errno == EINTR);
  if (count > 0) text.append(buffer, static_cast<size_t>(count));
  return count;
}

// Reads to the end, or up to a limit. What a file that is not waited for has not yet is left out.
bool read_all(int fd, std::string& text, size_t limit) {
  ssize_t count = 1;
  while (text.size() < limit && count > 0) count = read_some(fd, text, limit - text.size());
  return count >= 0 || errno == EAGAIN;
}

// Waits until there is something to read; false if the command shall end before.
bool wait_for_more(int fd, const Interruption& interruption) {
  for (;;) {
    pollfd entries[2] = {{fd, POLLIN, 0}, {interruption.fd, POLLIN, 0}};
    poll(entries, 2, -1);
    if (entries[1].revents != 0 && interruption.ends()) return false;
    if (entries[0].revents != 0) return true;
  }
}

// The shell with both outputs into the pipe. It gets the signals back that we take by descriptor or
// ignore.
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
  sigset_t ignored;
  sigemptyset(&ignored);
  for (int signal : {SIGPIPE, SIGUSR1, SIGXFSZ}) sigaddset(&ignored, signal);
  posix_spawnattr_setsigdefault(&attributes, &ignored);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::string text = command;
  char shell[] = "sh", option[] = "-c";
  char* words[] = {shell, option, text.data(), nullptr};
  int error = posix_spawn(&pid, "/bin/sh", &actions, &attributes, words, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

base::Result<CommandResult> run_command(const std::string& command,
                                        const Interruption& interruption) {
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
  do {
    if (!interruption.ends || wait_for_more(in.get(), interruption)) continue;
    base::UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    result.status = end_process(pid, process.get(), -1);
    return result;
  } while (read_some(in.get(), result.said, SIZE_MAX) > 0);
  while (waitpid(pid, &result.status, 0) < 0) {
    if (errno != EINTR) return base::system_error(errno, "Failed to wait for a command");
  }
  return result;
}

base::Result<std::string> read_start(const std::string& path, size_t limit) {
  // Events go on: nobody waits until a pipe is opened by its writer, or a device has something.
  base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  std::string bytes;
  if (file && read_all(file.get(), bytes, limit)) return bytes;
  int error = errno;
  return base::Error{
      fmt::format("failed to open file '{}' ({})", path, strerror(error)), {}, error, 1};
}

}  // namespace gimlet::runtime
