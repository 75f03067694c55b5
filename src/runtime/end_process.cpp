#include "runtime/end_process.h"

#include <poll.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

namespace gimlet::runtime {

int end_process(pid_t pid, int pidfd, int hurry) {
  constexpr int kPatienceMs = 2000;
  kill(pid, SIGTERM);
  pollfd entries[2] = {{pidfd, POLLIN, 0}, {hurry, POLLIN, 0}};
  if (pidfd >= 0) poll(entries, 2, kPatienceMs);
  int status = 0;
  if (waitpid(pid, &status, WNOHANG) == pid) return status;
  kill(pid, SIGKILL);
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace gimlet::runtime
