// The files of a running process: its executable, what it has mapped, and where it looks for
// programs. All from /proc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gimlet::kernel {

// Absolute paths of the files in a /proc/PID/maps text, each once, in order. Deleted files are left
// out.
std::vector<std::string> mapped_paths(std::string_view maps);

// Of a process, as that process sees them; empty if it cannot be read. pid 0: of every process.
std::vector<std::string> process_mappings(uint64_t pid);

// "/proc/PID/root" if the process lives in another mount namespace, else empty.
std::string process_root(uint64_t pid);

// The path of the process's executable, as that process sees it; empty if it cannot be read.
std::string process_executable(uint64_t pid);

// The folders of the process's PATH; of our own for pid 0.
std::vector<std::string> search_folders(uint64_t pid);

// The folders in a PATH value; an empty entry is the current folder.
std::vector<std::string> split_search_path(std::string_view value);

}  // namespace gimlet::kernel
