// Separate debug files: what `strip` took out of a program, kept elsewhere.
//
// A program names its debug file by its build id (a hash of its contents) or by a file name and a
// checksum in the section .gnu_debuglink.
#pragma once

#include <string>
#include <vector>

struct Elf;

namespace gimlet::kernel {

// Hexadecimal; empty if the file has none.
std::string build_id(Elf* elf);

// The path of the debug file of the program at `path`, or an empty text. `folders` are looked
// through before the usual places. Programs below /proc/PID/root are looked up there first.
std::string find_debug_file(const std::string& path, Elf* elf,
                            const std::vector<std::string>& folders);

}  // namespace gimlet::kernel
