#include "cli/system_checks.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "kernel/lockdown.h"

namespace gimlet::cli {

base::Status check_proc() {
  if (::access("/proc/self/stat", R_OK) == 0) return base::Done{};
  return base::Error{"/proc is not mounted", "mount -t proc proc /proc", 0, 1};
}

base::Status check_lockdown() {
  if (kernel::lockdown() != kernel::Lockdown::Confidentiality) return base::Done{};
  return base::Error{
      fmt::format("Kernel lockdown is enabled and set to 'confidentiality' ({}), which blocks BPF "
                  "from reading the kernel's memory",
                  kernel::kLockdownFile),
      kernel::kLockdownRemedy, 0, 1};
}

std::string old_kernel_warning() {
  constexpr std::pair kOldest(5U, 15U);
  utsname system{};
  uname(&system);
  std::pair<unsigned, unsigned> running;
  if (sscanf(system.release, "%u.%u", &running.first, &running.second) != 2) return {};
  if (running >= kOldest) return {};
  return fmt::format(
      "Kernel version ({}) is lower than the minimum supported kernel version ({}.{}.0). Some "
      "features/scripts may not work as expected.",
      system.release, kOldest.first, kOldest.second);
}

}  // namespace gimlet::cli
