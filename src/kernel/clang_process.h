// One run of clang: text in, output and messages out, nothing on disk.
#pragma once

#include <string>
#include <vector>

#include "base/owners.h"
#include "base/result.h"

namespace gimlet::kernel {

struct ClangRun {
  bool success = false;
  base::UniqueFd output;  // what it wrote to its standard output, in memory
  std::string messages;
};

// Arguments without the program's name. An Error if clang is not installed or cannot be run; then
// `purpose` completes "clang is needed to ".
base::Result<ClangRun> run_clang(
    const std::vector<std::string>& arguments, const std::string& input,
    const char* purpose = "read the headers that this program includes");

// "/proc/self/fd/N": opens the same file once more, from its beginning.
std::string path_of(const base::UniqueFd& fd);

}  // namespace gimlet::kernel
