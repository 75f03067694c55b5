#include "runtime/grace_period.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gimlet::runtime {

// membarrier(2) waits for a grace period, unless there is one CPU only: then it has nothing to do.
bool wait_for_running_programs() {
  return sysconf(_SC_NPROCESSORS_ONLN) > 1 &&
         syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) == 0;
}

}  // namespace gimlet::runtime
