// Symbols with fixed answers, for tests of decoding.
#pragma once

#include "runtime/symbols.h"

namespace gimlet::runtime {

class FakeSymbols final : public Symbols {
 public:
  std::optional<SymbolName> kernel(uint64_t address) override {
    if (address < 0x1000 || address >= 0x2000) return std::nullopt;
    return SymbolName{"vfs_read", address - 0x1000, {}};
  }
  std::optional<SymbolName> user(uint64_t pid, uint64_t address) override {
    if (pid != 7 || address < 0x4000 || address >= 0x5000) return std::nullopt;
    return SymbolName{"main", address - 0x4000, "/bin/prog"};
  }
  std::optional<BuildIdOffset> build_id(uint64_t pid, uint64_t address) override {
    if (pid != 7) return std::nullopt;
    return BuildIdOffset{std::string(40, 'a'), address - 0x4000};
  }
  // Of one place only, into which a function was put.
  std::vector<SourceFrame> kernel_source(uint64_t address) override {
    if (address != 0x1800) return {};
    return {{"rw_verify", "/src/rw.h", 7}, {"", "/src/rw.c", 70}};
  }
  void notice(uint64_t pid) override { noticed = pid; }
  void follow(uint64_t, bool) override {}
  void catch_up() override {}
  std::string cgroup_path(uint64_t id, const std::string& pattern) override {
    return pattern + ":/" + std::to_string(id);
  }
  std::string user_name(uint64_t uid) override { return uid == 0 ? "root" : ""; }

  uint64_t noticed = 0;
};

}  // namespace gimlet::runtime
