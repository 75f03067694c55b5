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

#include "kernel/source_places.h"
#include "runtime/mapping_watch.h"
#include "runtime/symbol_table.h"
#include "runtime/symbols.h"

namespace gimlet::runtime {

// The executable mappings in the text of a /proc/PID/maps file, in order of address.
std::vector<Mapping> parse_mappings(const std::string& text);

class UserSymbols {
 public:
  explicit UserSymbols(const SymbolOptions& options) : options_(options) {}

  void notice(uint64_t pid);
  void follow(uint64_t pid);
  void catch_up();
  std::optional<SymbolName> find(uint64_t pid, uint64_t address);
  std::optional<BuildIdOffset> build_id(uint64_t pid, uint64_t address);
  std::vector<SourceFrame> source(uint64_t pid, uint64_t address);

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
  // What is known of one file; read when first asked for.
  struct File {
    std::string path;  // as it can be opened from here
    SymbolTable symbols;
    bool opened_source = false;
    std::unique_ptr<kernel::SourcePlaces> source{};
  };
  File& file(uint64_t pid, const std::string& path);
  std::optional<SymbolName> find_jitted(uint64_t pid, uint64_t address);
  std::string readable(const std::string& name) const;

  SymbolOptions options_;
  std::vector<MappingWatch> watches_;
  std::map<uint64_t, Process> processes_;
  std::map<std::string, File> files_;  // by device, inode and path
};

}  // namespace gimlet::runtime
