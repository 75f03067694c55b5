// What user processes have mapped where. It is remembered beyond their end, because addresses may
// be kept in maps and get their names only when the run ends; so it is taken in as early as
// possible: from the kernel's announcements, and before those from /proc.
//
// The files of a process in another mount namespace cannot be found by their paths once it has
// gone. They are opened when they are mapped, and the namespace's root is held on to.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/owners.h"
#include "runtime/mapping_watch.h"
#include "runtime/symbols.h"

namespace gimlet::runtime {

// The executable mappings in the text of a /proc/PID/maps file, in order of address.
std::vector<Mapping> parse_mappings(const std::string& text);

class UserProcesses {
 public:
  // From now on what this process maps is known, 0: what any process maps. With `children` also
  // what its children do; that needs a process that has just begun.
  void follow(uint64_t pid, bool children);
  // Takes in what the kernel has announced.
  void catch_up();
  // Takes in what /proc tells of a process, if it was not known before.
  void notice(uint64_t pid);

  // The mapping that holds the address, the latest first; null if none ever did.
  const Mapping* find(uint64_t pid, uint64_t address);
  // Those of a process in another mount namespace; nothing if it sees our files.
  std::vector<Mapping> foreign_mappings(uint64_t pid);
  // What a runtime that compiles while it runs has written of its code.
  std::optional<SymbolName> find_jitted(uint64_t pid, uint64_t address);
  // Where the mapping's file can be opened from here, as long as `held` lives.
  struct Opened {
    std::string path;
    std::shared_ptr<const void> held{};
  };
  Opened file_of(uint64_t pid, const Mapping& mapping);

 private:
  // A view of the file system that is not ours.
  struct Space {
    base::UniqueFd root{};
    std::map<std::string, base::UniqueFd> files{};  // by path
  };
  struct Process {
    std::vector<Mapping> mappings;
    std::vector<Mapping> former;            // of the programs that it was before
    std::map<uint64_t, SymbolName> jitted;  // start -> name; offset holds the size
    std::shared_ptr<Space> space;           // null: it sees the files that we see
    uint64_t read_at_ns = 0;
    uint64_t used = 0;
  };

  Process& process(uint64_t pid);
  void read(Process& process, uint64_t pid);
  void read_jitted(Process& process, uint64_t pid);
  void find_space(Process& process, uint64_t pid);
  bool may_open_more();
  void hold(Space& space, uint64_t pid);
  void keep_file(Process& process, uint64_t pid, const std::string& path);
  void forget_some();

  std::vector<MappingWatch> watches_;
  uint64_t only_ = 0;  // the process that is followed; 0: all
  std::map<uint64_t, Process> processes_;
  std::map<std::string, std::weak_ptr<Space>> spaces_;
  uint64_t uses_ = 0;
};

}  // namespace gimlet::runtime
