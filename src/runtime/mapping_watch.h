// Mappings of a process as the kernel announces them: what it executes and maps from now on, and
// what its children do. So the symbols of a process are known even if it lives for a millisecond.
// It is a perf event that samples nothing and only carries the kernel's side records, one ring for
// each CPU.
#pragma once

#include <linux/perf_event.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/owners.h"
#include "base/result.h"

namespace gimlet::runtime {

struct Mapping {
  uint64_t begin = 0;
  uint64_t end = 0;
  uint64_t file_offset = 0;
  std::string path;  // "/usr/lib/...", "[vdso]"
};

class MappingWatch {
 public:
  // What happened to a process.
  struct Listener {
    std::function<void(uint64_t pid, Mapping mapping)> mapped;  // executable memory
    std::function<void(uint64_t pid)> executed;                 // everything before is gone
    std::function<void(uint64_t parent, uint64_t child)> forked;
  };

  // Of a process and its children, or -1: of all. Fails where the kernel allows no perf events.
  static base::Result<MappingWatch> create(pid_t pid);
  MappingWatch(MappingWatch&&) = default;
  MappingWatch& operator=(MappingWatch&&) = default;
  ~MappingWatch();

  // Tells the listener what came in since the last call.
  void drain(const Listener& listener);

 private:
  struct PerCpu {
    base::UniqueFd fd;
    uint8_t* pages = nullptr;  // a control page, then the ring
  };
  MappingWatch() = default;
  struct Record {
    uint64_t time = 0;
    perf_event_header header{};
    std::vector<uint8_t> body{};
  };
  static void drain_ring(uint8_t* pages, std::vector<Record>& records);

  std::vector<PerCpu> rings_;
};

}  // namespace gimlet::runtime
