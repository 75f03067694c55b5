// Where the tracing file system is.
//
// Usually it is mounted at one of two places. Where it is not, as in many containers, gimlet mounts
// it for itself: fsmount(2) gives a mount that is in no namespace and goes with its descriptor, so
// that nothing has to be undone and nobody else sees it. Its files are reached through
// /proc/self/fd.
#pragma once

#include <string>

namespace gimlet::kernel {

// That of the running machine: at one of the usual places, else in a mount of our own, which is
// made when it is first needed. If that is not permitted, the first of the usual places.
const std::string& host_tracefs();

}  // namespace gimlet::kernel
