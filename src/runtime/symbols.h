// Symbols: names for what only the system knows: addresses, user ids. An interface, so that
// decoding is tested without a kernel; host_symbols() asks the running one, lazily.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/progress.h"

namespace gimlet::runtime {

struct SymbolName {
  std::string name;
  uint64_t offset = 0;
  std::string module;  // path of the file; of a kernel symbol the module's name or nothing
};

// Where an address stands in the source; see kernel/source_places.h.
struct SourceFrame {
  std::string function;  // of an inlined call; empty for the function itself
  std::string file;      // may be empty
  uint64_t line = 0;
};

// A place in a file, for stacks in build_id mode.
struct BuildIdOffset {
  std::string build_id;  // hexadecimal
  uint64_t offset = 0;
};

class Symbols {
 public:
  virtual ~Symbols() = default;

  virtual std::optional<SymbolName> kernel(uint64_t address) = 0;
  virtual std::optional<SymbolName> user(uint64_t pid, uint64_t address) = 0;
  virtual std::optional<BuildIdOffset> build_id(uint64_t pid, uint64_t address) = 0;
  // From the innermost inlined function outwards; the last is the function itself. Empty unless
  // debug information is wanted and there is some.
  virtual std::vector<SourceFrame> user_source(uint64_t, uint64_t) { return {}; }
  virtual std::vector<SourceFrame> kernel_source(uint64_t) { return {}; }
  // Remembers the mappings of a process at its first sight, so that its symbols are still known
  // when it has gone.
  virtual void notice(uint64_t pid) = 0;
  // Has the kernel tell what this process maps from now on, 0: what all do; `children`: the process
  // begins only now, and its children count as well.
  virtual void follow(uint64_t pid, bool children) = 0;
  // Takes in what the kernel has told; to be called now and then.
  virtual void catch_up() = 0;
  virtual std::string user_name(uint64_t uid) = 0;
  // Where the cgroup is found in the hierarchies whose name matches: "unified:/a,cpu:/b".
  virtual std::string cgroup_path(uint64_t id, const std::string& pattern) = 0;
};

struct SymbolOptions {
  bool demangle = true;
  bool debug_info = false;  // source lines and inlined functions, where programs have them
  Progress progress{};
};
std::unique_ptr<Symbols> host_symbols(const SymbolOptions& options);

}  // namespace gimlet::runtime
