// The functions of BPF programs that are loaded: each program and the functions that it calls are
// traced like functions of the kernel, if their loader gave the kernel BTF for them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gimlet::kernel {

struct BpfFunction {
  uint32_t program = 0;  // id
  std::string name;
  uint32_t btf_id = 0;  // in the BTF of the program
};

// Of the running kernel, in the order of the programs' ids. Without rights there are none.
std::vector<BpfFunction> loaded_bpf_functions();

}  // namespace gimlet::kernel
