// The end of a process that we started.
#pragma once

#include <sys/types.h>

namespace gimlet::runtime {

// SIGTERM, at most two seconds, SIGKILL; then its status, as of waitpid(2). `pidfd` may be -1: then
// there is no patience. `hurry`, if not -1, ends the patience when it can be read.
int end_process(pid_t pid, int pidfd, int hurry);

}  // namespace gimlet::runtime
