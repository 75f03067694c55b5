#include "runtime/cpus.h"

#include <charconv>

#include "base/owners.h"

namespace gimlet::runtime {
namespace {

std::vector<int> read_list(const char* path) {
  base::Result<std::string> text = base::read_file(path);
  std::vector<int> cpus = text ? parse_cpu_list(*text) : std::vector<int>{};
  if (cpus.empty()) cpus.push_back(0);
  return cpus;
}

}  // namespace

std::vector<int> parse_cpu_list(std::string_view text) {
  constexpr int kMost = 65536;
  std::vector<int> cpus;
  const char* at = text.data();
  const char* end = text.data() + text.size();
  while (at < end) {
    int first = 0;
    auto number = std::from_chars(at, end, first);
    if (number.ec != std::errc()) break;
    int last = first;
    at = number.ptr;
    if (at < end && *at == '-') {
      number = std::from_chars(at + 1, end, last);
      if (number.ec != std::errc()) break;
      at = number.ptr;
    }
    if (first < 0 || last >= kMost) break;
    for (int cpu = first; cpu <= last; cpu++) cpus.push_back(cpu);
    if (at >= end || *at != ',') break;
    at++;
  }
  return cpus;
}

std::vector<int> online_cpus() { return read_list("/sys/devices/system/cpu/online"); }

uint32_t possible_cpu_count() {
  std::vector<int> cpus = read_list("/sys/devices/system/cpu/possible");
  return static_cast<uint32_t>(cpus.back() + 1);
}

}  // namespace gimlet::runtime
