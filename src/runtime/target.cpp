#include "runtime/target.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace gimlet::runtime {

base::Result<base::UniqueFd> open_target(uint64_t pid) {
  base::UniqueFd fd(static_cast<int>(syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0)));
  if (!fd) return base::system_error(errno, "Failed to attach to pid: Unable to open pidfd");
  return fd;
}

}  // namespace gimlet::runtime
