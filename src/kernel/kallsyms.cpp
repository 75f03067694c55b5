// The file is generated as it is read, so reading stops at the line that was wanted.
#include "kernel/kallsyms.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string_view>

#include "base/owners.h"

namespace gimlet::kernel {
namespace {

// The address if the line is about `name`.
std::optional<uint64_t> match(std::string_view line, std::string_view name) {
  const size_t type = line.find(' ');
  if (type == std::string_view::npos || line.size() < type + 3 || line[type + 2] != ' ') return {};
  const std::string_view rest = line.substr(type + 3);
  if (rest.substr(0, rest.find_first_of(" \t")) != name) return std::nullopt;
  uint64_t address = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + type, address, 16);
  if (error != std::errc{} || address == 0) return std::nullopt;
  return address;
}

}  // namespace

std::optional<uint64_t> find_kernel_symbol(const std::string& path, const std::string& name) {
  base::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  std::string pending;  // the unfinished line at the end of what was read
  char chunk[65536];
  for (;;) {
    const ssize_t n = ::read(fd.get(), chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) continue;
    pending.append(chunk, n > 0 ? static_cast<size_t>(n) : 0);
    if (n <= 0 && !pending.empty() && pending.back() != '\n') pending += '\n';
    std::string_view rest = pending;
    for (size_t end; (end = rest.find('\n')) != std::string_view::npos;) {
      if (auto address = match(rest.substr(0, end), name)) return address;
      rest.remove_prefix(end + 1);
    }
    if (n <= 0) return std::nullopt;
    pending.erase(0, pending.size() - rest.size());
  }
}

}  // namespace gimlet::kernel
