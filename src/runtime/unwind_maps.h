// The maps of dw_ustack: for some processes, what is needed to find the callers of functions that
// keep no frame pointers (ast/unwind_layout.h). Filled before programs are attached, and completed
// when a process loads a library, executes another program or forks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/owners.h"
#include "base/result.h"
#include "kernel/unwind_table.h"
#include "runtime/kernel_map.h"
#include "runtime/mapping_watch.h"

namespace gimlet::runtime {

class UnwindMaps {
 public:
  // Reads the tables of all files that these processes execute now.
  static base::Result<std::unique_ptr<UnwindMaps>> create(const std::vector<uint64_t>& pids);

  // Takes in what the processes have mapped since.
  void catch_up();

  const SharedArray& rows() const { return *rows_; }
  const SharedArray& mappings() const { return *mappings_; }
  int processes() const { return processes_map_.get(); }
  // Numbers of elements, powers of two.
  uint32_t row_capacity() const { return row_capacity_; }
  uint32_t mapping_capacity() const { return mapping_capacity_; }

 private:
  // A file's rows in the array; none if it has no table.
  struct File {
    kernel::UnwindTable table;  // its rows only until they are in the array
    std::optional<uint32_t> first_row;
    uint32_t row_count = 0;
  };
  struct Process {
    std::vector<Mapping> mappings;  // in order of address
    bool changed = true;
  };

  UnwindMaps() = default;
  base::Status make_maps();
  File* file(uint64_t pid, const std::string& path);
  void add_rows(File& file);
  std::optional<ast::UnwindMapping> place(const Mapping& mapping, const File& file) const;
  void publish(uint64_t pid, Process& process);

  std::map<std::string, File> files_;  // by device, inode and path
  std::map<uint64_t, Process> processes_;
  std::vector<MappingWatch> watches_;
  std::unique_ptr<SharedArray> rows_;
  std::unique_ptr<SharedArray> mappings_;
  base::UniqueFd processes_map_;
  uint32_t row_capacity_ = 0, rows_used_ = 0;
  uint32_t mapping_capacity_ = 0, mappings_used_ = 0;
};

}  // namespace gimlet::runtime
