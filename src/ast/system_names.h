// Names for numbers of the system: errors (strerror), signals (signal_name) and system calls
// (syscall_name) of the machine's architecture. Programs read them from tables in their own memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gimlet::ast {

struct NameTable {
  std::vector<std::string> names;  // by number, from 0; empty where there is none
  std::string unknown;             // for every other number
};

NameTable error_names();
NameTable signal_names();
NameTable system_call_names();

}  // namespace gimlet::ast
