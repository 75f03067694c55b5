#include "runtime/cgroup_paths.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>

#include "base/glob.h"

namespace gimlet::runtime {
namespace {

struct FolderCloser {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

// Depth first; nothing if the id is not below `root`.
std::optional<std::string> search(const std::string& root, const std::string& path, uint64_t id) {
  std::unique_ptr<DIR, FolderCloser> folder(::opendir((root + path).c_str()));
  if (!folder) return std::nullopt;
  std::vector<std::string> below;
  while (const dirent* entry = ::readdir(folder.get())) {
    std::string name = entry->d_name;
    if (entry->d_type != DT_DIR || name == "." || name == "..") continue;
    std::string inner = path + "/" + name;
    if (entry->d_ino == id) return inner;
    below.push_back(std::move(inner));
  }
  folder.reset();
  for (const std::string& inner : below) {
    if (auto found = search(root, inner, id)) return found;
  }
  return std::nullopt;
}

std::optional<std::string> path_of(const std::string& root, uint64_t id) {
  struct stat status {};
  if (::stat(root.c_str(), &status) == 0 && status.st_ino == id) return "/";
  return search(root, "", id);
}

}  // namespace

std::vector<CgroupHierarchy> read_hierarchies(const std::string& mounts) {
  std::vector<CgroupHierarchy> unified, others;
  std::istringstream lines(mounts);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string device, place, type;
    words >> device >> place >> type;
    if (type == "cgroup2") unified.push_back({"unified", place});
    if (type == "cgroup") others.push_back({place.substr(place.rfind('/') + 1), place});
  }
  std::ranges::sort(others, {}, &CgroupHierarchy::name);
  unified.insert(unified.end(), others.begin(), others.end());
  return unified;
}

std::string CgroupPaths::find(uint64_t id, const std::string& pattern) {
  if (!hierarchies_) {
    std::ifstream file("/proc/self/mounts");
    std::ostringstream text;
    text << file.rdbuf();
    hierarchies_ = read_hierarchies(text.str());
  }
  std::string result;
  for (const CgroupHierarchy& hierarchy : *hierarchies_) {
    if (!base::glob_matches(pattern, hierarchy.name)) continue;
    auto known = known_.find({hierarchy.root, id});
    if (known == known_.end()) {
      auto path = path_of(hierarchy.root, id);
      // One that is not there may come.
      if (!path) continue;
      known = known_.emplace(std::pair(hierarchy.root, id), *path).first;
    }
    result += (result.empty() ? "" : ",") + hierarchy.name + ":" + known->second;
  }
  return result;
}

}  // namespace gimlet::runtime
