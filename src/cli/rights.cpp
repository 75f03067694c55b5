#include "cli/rights.h"

#include <fmt/format.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdint>
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
  std::string all, lower;
  for (const std::string& name : missing) {
    all += (all.empty() ? "" : ", ") + name;
    for (char c : name) lower += static_cast<char>(tolower(c));
    lower += &name == &missing.back() ? "" : ",";
  }
  return base::Error{
      fmt::format("Missing {} capability, please run {} as the root user.", missing[0],
                  program_name),
      fmt::format("missing: {}. Run it with sudo, or once: setcap {}+ep $(command -v {})", all,
                  lower, program_name),
      EPERM, 1};
}

}  // namespace gimlet::cli
