// The system calls are made by number: older C libraries have no functions for them.
#include "kernel/tracefs_mount.h"

#include <fmt/format.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/owners.h"

namespace gimlet::kernel {
namespace {

bool has_events(const std::string& folder) {
  return ::access((folder + "/events").c_str(), F_OK) == 0;
}

// Unset if it could not be mounted.
base::UniqueFd mount_detached() {
  base::UniqueFd context(static_cast<int>(::syscall(SYS_fsopen, "tracefs", FSOPEN_CLOEXEC)));
  if (!context) return {};
  if (::syscall(SYS_fsconfig, context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) {
    return {};
  }
  return base::UniqueFd(
      static_cast<int>(::syscall(SYS_fsmount, context.get(), FSMOUNT_CLOEXEC, 0)));
}

}  // namespace

const std::string& host_tracefs() {
  static base::UniqueFd own;  // lives as long as the process
  static const std::string found = [] {
    const std::string usual = "/sys/kernel/tracing", older = "/sys/kernel/debug/tracing";
    if (has_events(usual)) return usual;
    if (has_events(older)) return older;
    own = mount_detached();
    std::string folder = fmt::format("/proc/self/fd/{}", own.get());
    return own && has_events(folder) ? folder : usual;
  }();
  return found;
}

}  // namespace gimlet::kernel
