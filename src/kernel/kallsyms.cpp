// The file is generated as it is read, so reading stops at the line that was wanted.
#include "kernel/kallsyms.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <functional>
#include <string_view>

#include "base/owners.h"

namespace gimlet::kernel {
namespace {

struct Line {
  std::string_view address;  // hexadecimal
  char type;                 // as nm(1) shows it: t and T are code
  std::string_view name;
};

std::optional<Line> parse(std::string_view line) {
  const size_t type = line.find(' ');
  if (type == std::string_view::npos || line.size() < type + 3 || line[type + 2] != ' ') return {};
  const std::string_view rest = line.substr(type + 3);
  return Line{line.substr(0, type), line[type + 1], rest.substr(0, rest.find_first_of(" \t"))};
}

std::optional<uint64_t> number(std::string_view text) {
  uint64_t address = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), address, 16);
  if (error != std::errc{} || address == 0) return std::nullopt;
  return address;
}

// Calls visit(line) for every line until one is enough.
void for_each_line(const std::string& path, const std::function<bool(const Line&)>& visit) {
  base::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return;
  std::string pending;  // the unfinished line at the end of what was read
  char chunk[65536];
  for (;;) {
    const ssize_t n = ::read(fd.get(), chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) continue;
    pending.append(chunk, n > 0 ? static_cast<size_t>(n) : 0);
    if (n <= 0 && !pending.empty() && pending.back() != '\n') pending += '\n';
    std::string_view rest = pending;
    for (size_t end; (end = rest.find('\n')) != std::string_view::npos;) {
      auto line = parse(rest.substr(0, end));
      if (line && visit(*line)) return;
      rest.remove_prefix(end + 1);
    }
    if (n <= 0) return;
    pending.erase(0, pending.size() - rest.size());
  }
}

}  // namespace

std::optional<uint64_t> find_kernel_symbol(const std::string& path, const std::string& name) {
  std::optional<uint64_t> address;
  for_each_line(path, [&](const Line& line) {
    if (line.name == name) address = number(line.address);
    return address.has_value();
  });
  return address;
}

KernelTextSymbols KernelTextSymbols::read(const std::string& path) {
  KernelTextSymbols symbols;
  for_each_line(path, [&](const Line& line) {
    if (line.type != 't' && line.type != 'T') return false;
    if (auto address = number(line.address)) symbols.addresses_.emplace(line.name, *address);
    return false;
  });
  return symbols;
}

std::vector<uint64_t> KernelTextSymbols::addresses(const std::string& name) const {
  std::vector<uint64_t> found;
  auto [first, last] = addresses_.equal_range(name);
  for (auto it = first; it != last; ++it) found.push_back(it->second);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<std::string> find_kernel_aliases(const std::string& path, const std::string& name) {
  std::vector<std::string> found;
  auto address = find_kernel_symbol(path, name);
  if (!address) return found;
  for_each_line(path, [&](const Line& line) {
    if (line.name != name && number(line.address) == address) found.emplace_back(line.name);
    return false;
  });
  return found;
}

}  // namespace gimlet::kernel
