// From a line of source code to the address of its first statement (probes-and-stdlib B2.9).
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "kernel/dwarf_file.h"

namespace gimlet::kernel {

struct SourceLine {
  std::string file;     // the end of the path as the compiler recorded it: whole folder names
  uint64_t line = 0;    // from 1
  uint64_t column = 0;  // from 1; 0 = any
};

// An ELF address. Only the unit's own file is looked at, not the ones that it includes.
base::Result<uint64_t> find_source_line(DwarfFile& dwarf, const SourceLine& wanted);

// A source file of the unit, from the root on where the unit tells its folder, without dots.
std::string source_path(Dwarf_Die unit, const std::string& name);

// Whether the path ends with these components: "src/a.c" and "a.c" end "/home/x/src/a.c".
bool path_ends_with(const std::string& path, const std::string& end);

}  // namespace gimlet::kernel
