// Where a cgroup is found by its id, which is the inode of its folder: every hierarchy that is
// mounted is searched.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gimlet::runtime {

struct CgroupHierarchy {
  std::string name;  // "unified" for version 2, else the name of the folder it is mounted at
  std::string root;  // where it is mounted
};

// Those of a file like /proc/self/mounts: version 2 first, the others by name.
std::vector<CgroupHierarchy> read_hierarchies(const std::string& mounts);

class CgroupPaths {
 public:
  // "NAME:PATH,NAME:PATH" of the hierarchies whose name matches the pattern and that have the id.
  std::string find(uint64_t id, const std::string& pattern);

 private:
  std::optional<std::vector<CgroupHierarchy>> hierarchies_;
  std::map<std::pair<std::string, uint64_t>, std::string> known_;  // paths, by root and id
};

}  // namespace gimlet::runtime
