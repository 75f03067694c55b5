#include "runtime/run_statistics.h"

#include <bpf/bpf.h>

#include <cerrno>

namespace gimlet::runtime {

base::Result<base::UniqueFd> run_statistics() {
  base::UniqueFd fd(bpf_enable_stats(BPF_STATS_RUN_TIME));
  if (fd) return fd;
  return base::system_error(errno, "Failed to turn the statistics of BPF programs on");
}

}  // namespace gimlet::runtime
