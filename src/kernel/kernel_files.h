// Where the running kernel's code lies in files: its image and its modules, with symbols and, if
// the system has it, debug information. Distributions ship these files separately.
//
// A file counts only if its build id is the running kernel's, where both tell one.
#pragma once

#include <string>
#include <vector>

namespace gimlet::kernel {

struct KernelFiles {
  std::string root;     // put before every path; empty but for tests
  std::string release;  // as uname(2) has it
  std::string image;    // named by the user; empty: the usual places
};

// Those of this system; BPFTRACE_VMLINUX names an image.
KernelFiles running_kernel();

// The uncompressed images that there are, the likeliest first. One that the user named is the only
// one, and believed.
std::vector<std::string> kernel_images(const KernelFiles& files);

// Files that may have the debug information of a loaded module, the likeliest first.
std::vector<std::string> module_files(const KernelFiles& files, const std::string& module);

// The build id in a file of notes like /sys/kernel/notes, hexadecimal; empty if it has none.
std::string build_id_of_notes(const std::string& path);

}  // namespace gimlet::kernel
