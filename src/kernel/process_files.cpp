// Processes may end at any time: what cannot be read counts as nothing.
#include "kernel/process_files.h"

#include <dirent.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <unordered_set>

#include "base/owners.h"

namespace gimlet::kernel {
namespace {

std::string read_link(const std::string& path) {
  char target[4096];
  const ssize_t length = ::readlink(path.c_str(), target, sizeof target);
  return length > 0 ? std::string(target, static_cast<size_t>(length)) : std::string();
}

std::vector<std::string> process_ids() {
  std::vector<std::string> ids;
  DIR* folder = ::opendir("/proc");
  if (!folder) return ids;
  while (const dirent* entry = ::readdir(folder)) {
    const std::string_view name = entry->d_name;
    if (name.find_first_not_of("0123456789") == std::string_view::npos) ids.emplace_back(name);
  }
  ::closedir(folder);
  return ids;
}

// The value of PATH in a /proc/PID/environ text.
std::optional<std::string_view> path_of_environment(std::string_view environment) {
  while (!environment.empty()) {
    const size_t end = std::min(environment.find('\0'), environment.size());
    const std::string_view entry = environment.substr(0, end);
    if (entry.starts_with("PATH=")) return entry.substr(5);
    environment.remove_prefix(std::min(end + 1, environment.size()));
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> mapped_paths(std::string_view maps) {
  constexpr std::string_view deleted = " (deleted)";
  std::vector<std::string> paths;
  std::unordered_set<std::string> seen;
  while (!maps.empty()) {
    const size_t end = std::min(maps.find('\n'), maps.size());
    const std::string_view line = maps.substr(0, end);
    maps.remove_prefix(std::min(end + 1, maps.size()));
    // Paths may hold blanks; the columns before them hold no slash followed by a name: the first
    // " /" starts the path.
    const size_t at = line.find(" /");
    if (at == std::string_view::npos || line.ends_with(deleted)) continue;
    std::string path(line.substr(at + 1));
    if (seen.insert(path).second) paths.push_back(std::move(path));
  }
  return paths;
}

std::vector<std::string> process_mappings(uint64_t pid) {
  if (pid != 0) {
    auto maps = base::read_file(fmt::format("/proc/{}/maps", pid));
    return maps.ok() ? mapped_paths(*maps) : std::vector<std::string>();
  }
  std::string all;
  for (const std::string& id : process_ids()) {
    if (auto maps = base::read_file("/proc/" + id + "/maps"); maps.ok()) all += *maps;
  }
  return mapped_paths(all);
}

std::string process_root(uint64_t pid) {
  if (pid == 0) return {};
  const std::string theirs = read_link(fmt::format("/proc/{}/ns/mnt", pid));
  if (theirs.empty() || theirs == read_link("/proc/self/ns/mnt")) return {};
  return fmt::format("/proc/{}/root", pid);
}

std::string process_executable(uint64_t pid) { return read_link(fmt::format("/proc/{}/exe", pid)); }

std::vector<std::string> split_search_path(std::string_view value) {
  std::vector<std::string> folders;
  for (;;) {
    const size_t end = std::min(value.find(':'), value.size());
    folders.emplace_back(end == 0 ? "." : value.substr(0, end));
    if (end == value.size()) return folders;
    value.remove_prefix(end + 1);
  }
}

std::vector<std::string> search_folders(uint64_t pid) {
  constexpr std::string_view usual = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  if (pid != 0) {
    auto environment = base::read_file(fmt::format("/proc/{}/environ", pid));
    if (!environment.ok()) return split_search_path(usual);
    return split_search_path(path_of_environment(*environment).value_or(usual));
  }
  const char* path = std::getenv("PATH");
  return split_search_path(path ? std::string_view(path) : usual);
}

}  // namespace gimlet::kernel
