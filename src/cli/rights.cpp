#include "cli/rights.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdint>
#include <string>
#include <vector>

namespace gimlet::cli {
namespace {

// The effective capabilities of this process as a bit set.
uint64_t effective_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};
  if (syscall(SYS_capget, &header, data) != 0) return 0;
  return data[0].effective | (uint64_t(data[1].effective) << 32);
}

// Of the file that is running; setcap(8) sets all of a file's capabilities at once.
std::string own_path(const std::string& program_name) {
  char path[PATH_MAX];
  ssize_t size = readlink("/proc/self/exe", path, sizeof(path));
  return size > 0 ? std::string(path, static_cast<size_t>(size)) : program_name;
}

}  // namespace

base::Status check_rights(const std::string& program_name) {
  uint64_t have = effective_capabilities();
  auto lacks = [&](int capability) { return !(have >> capability & 1); };
  std::vector<std::string> missing;
  if (geteuid() != 0) {
    if (lacks(CAP_DAC_READ_SEARCH)) missing.push_back("CAP_DAC_READ_SEARCH");
    if (lacks(CAP_DAC_OVERRIDE)) missing.push_back("CAP_DAC_OVERRIDE");
  }
  if (lacks(CAP_SYS_ADMIN)) {
    if (lacks(CAP_BPF)) missing.push_back("CAP_BPF");
    if (lacks(CAP_PERFMON)) missing.push_back("CAP_PERFMON");
  }
  if (missing.empty()) return base::Done{};
  return base::Error{fmt::format("Missing {} capability, please run {} as the root user.",
                                 missing[0], program_name),
                     fmt::format("missing: {}. Run it with sudo, or once: setcap "
                                 "cap_bpf,cap_perfmon,cap_dac_read_search,cap_dac_override+ep {}",
                                 fmt::join(missing, ", "), own_path(program_name)),
                     EPERM, 1};
}

}  // namespace gimlet::cli
