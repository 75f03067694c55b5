// Each step gives candidates; the first step that leaves any file that can be probed wins.
#include "kernel/binaries.h"

#include <dirent.h>
#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string_view>
#include <utility>

#include "base/owners.h"
#include "base/suggest.h"
#include "kernel/elf.h"
#include "kernel/library_cache.h"
#include "kernel/process_files.h"

namespace gimlet::kernel {
namespace {

constexpr const char* kLibraryCache = "/etc/ld.so.cache";

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::vector<CachedLibrary> cached_libraries(const std::string& root) {
  auto file = base::MappedFile::open(root + kLibraryCache);
  if (!file.ok()) return {};
  return parse_library_cache(file->bytes());
}

// A library by short name: among the process's mappings, then in the linker's cache.
std::vector<std::string> find_short_name(const std::string& text, uint64_t pid,
                                         const std::string& root) {
  if (pid != 0) {
    std::vector<CachedLibrary> mapped;
    for (const std::string& path : process_mappings(pid)) {
      mapped.push_back({std::string(file_name(path)), path});
    }
    if (auto path = find_library(mapped, text)) return {root + *path};
  }
  if (auto path = find_library(cached_libraries(root), text)) return {root + *path};
  return {};
}

std::vector<std::string> expand_wildcard(const std::string& pattern) {
  glob_t matches{};
  std::vector<std::string> paths;
  if (::glob(pattern.c_str(), 0, nullptr, &matches) == 0) {
    paths.assign(matches.gl_pathv, matches.gl_pathv + matches.gl_pathc);
  }
  ::globfree(&matches);
  return paths;
}

std::string in_root(const std::string& root, const std::string& path) {
  const bool own_path = root.empty() || path.starts_with("/proc/");
  if (own_path) return path;
  return path.starts_with("/") ? root + path : root + "/" + path;
}

// The text as a path and, if it has no slash, in every folder of PATH.
std::vector<std::string> candidate_paths(const std::string& text, uint64_t pid,
                                         const std::string& root) {
  std::vector<std::string> candidates = {in_root(root, text)};
  if (text.find('/') != std::string::npos) return candidates;
  for (const std::string& folder : search_folders(root.empty() ? 0 : pid)) {
    candidates.push_back(in_root(root, folder + "/" + text));
  }
  return candidates;
}

// One name for each file, so that /bin and /usr/bin do not make two of one program.
void drop_same_files(std::vector<std::string>& paths) {
  std::set<std::pair<dev_t, ino_t>> seen;
  std::erase_if(paths, [&](const std::string& path) {
    struct stat st {};
    return ::stat(path.c_str(), &st) == 0 && !seen.insert({st.st_dev, st.st_ino}).second;
  });
}

void append_file_names(const std::string& folder, std::vector<std::string>& names) {
  DIR* open_folder = ::opendir(folder.c_str());
  if (!open_folder) return;
  while (const dirent* entry = ::readdir(open_folder)) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  ::closedir(open_folder);
}

std::string hint_for(const std::string& text) {
  std::vector<std::string> names;
  if (text.find('/') != std::string::npos) {
    // Same folder, other name.
    const std::string folder = text.substr(0, text.rfind('/') + 1);
    append_file_names(folder, names);
    auto near = base::nearest(file_name(text), names);
    return near ? fmt::format("Did you mean '{}{}'?", folder, *near) : std::string();
  }
  if (text.starts_with("lib")) {
    for (const CachedLibrary& library : cached_libraries({})) {
      names.push_back(library.name.substr(0, library.name.find(".so")));
    }
  }
  for (const std::string& folder : search_folders(0)) append_file_names(folder, names);
  auto near = base::nearest(text, names);
  return near ? fmt::format("Did you mean '{}'?", *near) : std::string();
}

bool is_other_file(const std::string& path) {
  struct stat st {};
  return ::stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode);
}

}  // namespace

base::Result<std::vector<std::string>> resolve_binary(const std::string& text, uint64_t pid) {
  const std::string root = process_root(pid);
  const bool wildcard = text.find('*') != std::string::npos;
  std::vector<std::string> found;
  if (text.empty() && pid != 0) {
    const std::string executable = process_executable(pid);
    if (!executable.empty()) found = {fmt::format("/proc/{}/root{}", pid, executable)};
  } else if (text == "*") {
    for (const std::string& path : process_mappings(pid)) found.push_back(in_root(root, path));
  } else if (!text.empty()) {
    if (!wildcard && text.starts_with("lib")) found = find_short_name(text, pid, root);
    std::erase_if(found, [](const std::string& path) { return !is_probeable(path); });
    if (found.empty()) {
      for (const std::string& candidate : candidate_paths(text, pid, root)) {
        if (!wildcard) {
          found.push_back(candidate);
          continue;
        }
        for (std::string& path : expand_wildcard(candidate)) found.push_back(std::move(path));
      }
    }
  }
  std::erase_if(found, [](const std::string& path) { return !is_probeable(path); });
  if (!wildcard) drop_same_files(found);
  if (!found.empty()) return found;
  base::Error error{
      fmt::format("uprobe target file '{}' does not exist or is not executable", text), {}};
  if (is_other_file(in_root(root, text))) {
    error.errnum = ENOEXEC;
    error.hint = "It is no ELF file; --unsafe lets such a file be probed by an offset in it.";
  } else if (!wildcard) {
    error.hint = hint_for(text);
  }
  return error;
}

}  // namespace gimlet::kernel
