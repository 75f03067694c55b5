// What the .eh_frame section of a file says about finding callers, as rows that programs can search
// (ast/unwind_layout.h). Instructions of the section are interpreted by libdw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ast/unwind_layout.h"
#include "base/result.h"

namespace gimlet::kernel {

struct UnwindTable {
  // Where the file's code is found in memory: this part of the file has these ELF addresses.
  struct Segment {
    uint64_t offset, address, size;
  };
  uint64_t base = 0;  // the ELF address that the rows' addresses count from
  std::vector<ast::UnwindRow> rows;
  std::vector<Segment> segments;
};

// x86_64 only. An error if the file cannot be read, or has no table of its functions
// (.eh_frame_hdr).
base::Result<UnwindTable> read_unwind_table(const std::string& path);
// The same of an image in memory: what the kernel maps into every process.
base::Result<UnwindTable> read_unwind_table(const void* image, size_t size);

}  // namespace gimlet::kernel
