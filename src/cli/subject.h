// The processes that the command line names: what is traced, and whose stacks may be unwound.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/owners.h"
#include "base/result.h"
#include "cli/options.h"
#include "runtime/child.h"

namespace gimlet::cli {

// The process that -p or -c names, if any.
struct Subject {
  uint64_t target_pid = 0;
  std::vector<uint64_t> unwound_pids;  // also those of --dwarf-pid, which need not exist
  base::UniqueFd target_fd;
  std::unique_ptr<runtime::Child> child;

  uint64_t child_pid() const { return child ? static_cast<uint64_t>(child->pid()) : 0; }
};

// The process that user probes are limited to; 0: none.
inline uint64_t traced_pid(const Subject& subject) {
  return subject.child ? subject.child_pid() : subject.target_pid;
}

// Opens the process of -p; forks the child of -c, which waits.
base::Result<Subject> find_subject(const CommandLine& line);

}  // namespace gimlet::cli
