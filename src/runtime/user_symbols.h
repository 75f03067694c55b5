// Symbols of user processes: which file is mapped where, and what that file's table says.
//
// The mappings of a process are remembered from its first sight on, so that addresses of processes
// that have ended are still named where possible.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/mapping_watch.h"
#include "runtime/symbol_table.h"
#include "runtime/symbols.h"

namespace gimlet::runtime {

// The executable mappings in the text of a /proc/PID/maps file, in order of address.
std::vector<Mapping> parse_mappings(const std::string& text);

class UserSymbols {
 public:
  explicit UserSymbols(bool demangle) : demangle_(demangle) {}

  void notice(uint64_t pid);
  void follow(uint64_t pid);
  void catch_up();
  std::optional<SymbolName> find(uint64_t pid, uint64_t address);
  std::optional<BuildIdOffset> build_id(uint64_t pid, uint64_t address);

 private:
  struct Process {
    std::vector<Mapping> mappings;
    std::map<uint64_t, SymbolName> jitted;  // start -> name; offset holds the size
    uint64_t read_at_ns = 0;
  };

  Process& process(uint64_t pid);
  void read(Process& process, uint64_t pid);
  // The mapping that holds the address; mappings are read again if there is none.
  const Mapping* find_mapping(uint64_t pid, uint64_t address);
  const SymbolTable& table(uint64_t pid, const std::string& path);
  std::optional<SymbolName> find_jitted(uint64_t pid, uint64_t address);
  std::string readable(const std::string& name) const;

  bool demangle_;
  std::vector<MappingWatch> watches_;
  std::map<uint64_t, Process> processes_;
  std::map<std::string, SymbolTable> tables_;  // by device, inode and path
};

}  // namespace gimlet::runtime
