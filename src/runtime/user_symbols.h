// Symbols of user processes: which file is mapped where, and what that file's table says.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/source_places.h"
#include "runtime/symbol_table.h"
#include "runtime/symbols.h"
#include "runtime/user_processes.h"

namespace gimlet::runtime {

class UserSymbols {
 public:
  explicit UserSymbols(const SymbolOptions& options) : options_(options) {}

  void notice(uint64_t pid) { processes_.notice(pid); }
  void follow(uint64_t pid, bool children);
  void catch_up() { processes_.catch_up(); }
  std::optional<SymbolName> find(uint64_t pid, uint64_t address);
  std::optional<BuildIdOffset> build_id(uint64_t pid, uint64_t address);
  std::vector<SourceFrame> source(uint64_t pid, uint64_t address);

 private:
  // What is known of one file; read when first asked for.
  struct File {
    std::string path;  // as it can be opened from here
    std::shared_ptr<const void> held;
    SymbolTable symbols;
    uint64_t used = 0;
    bool opened_source = false;
    std::unique_ptr<kernel::SourcePlaces> source{};
  };
  File& file(uint64_t pid, const Mapping& mapping);
  void forget_files();
  std::string readable(const std::string& name) const;

  SymbolOptions options_;
  UserProcesses processes_;
  std::map<std::string, File> files_;  // by device, inode and path
  uint64_t uses_ = 0;
  size_t symbols_kept_ = 0;
};

}  // namespace gimlet::runtime
