// Which CPUs there are.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace gimlet::runtime {

// Numbers in a list such as "0-3,8"; nothing after the first part that is not a number or range.
std::vector<int> parse_cpu_list(std::string_view text);

// Never empty: CPU 0 if the system does not tell.
std::vector<int> online_cpus();
// CPUs that may ever come online; the kernel's per-CPU values have one slot for each.
uint32_t possible_cpu_count();

}  // namespace gimlet::runtime
