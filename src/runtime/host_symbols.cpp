// Symbols of the running system.
#include <pwd.h>

#include <map>
#include <vector>

#include "kernel/kernel_source.h"
#include "runtime/cgroup_paths.h"
#include "runtime/kernel_symbols.h"
#include "runtime/symbols.h"
#include "runtime/user_symbols.h"

namespace gimlet::runtime {
namespace {

// Whichever address needs a file first waits for all of it.
constexpr const char* kLoading = "Loading symbols";

class HostSymbols final : public Symbols {
 public:
  explicit HostSymbols(const SymbolOptions& options)
      : options_(options), kernel_code_(kernel::running_kernel()), user_(options) {}

  std::optional<SymbolName> kernel(uint64_t address) override {
    Working working(options_.progress, kLoading);
    return kernel_.find(address);
  }
  std::optional<SymbolName> user(uint64_t pid, uint64_t address) override {
    Working working(options_.progress, kLoading);
    return user_.find(pid, address);
  }
  std::optional<BuildIdOffset> build_id(uint64_t pid, uint64_t address) override {
    Working working(options_.progress, kLoading);
    return user_.build_id(pid, address);
  }
  std::vector<SourceFrame> user_source(uint64_t pid, uint64_t address) override {
    Working working(options_.progress, kLoading);
    return user_.source(pid, address);
  }
  std::vector<SourceFrame> kernel_source(uint64_t address) override {
    Working working(options_.progress, kLoading);
    std::vector<SourceFrame> frames;
    std::optional<SymbolName> symbol =
        options_.debug_info ? kernel_.find(address) : std::optional<SymbolName>();
    if (!symbol) return frames;
    for (kernel::SourcePlace& place : kernel_code_.find(address, symbol->module)) {
      frames.push_back({std::move(place.function), std::move(place.file), place.line});
    }
    return frames;
  }
  void notice(uint64_t pid) override { user_.notice(pid); }
  void follow(uint64_t pid, bool children) override {
    Working working(options_.progress, "Looking at what processes map");
    user_.follow(pid, children);
  }
  void catch_up() override { user_.catch_up(); }
  std::string user_name(uint64_t uid) override {
    auto [at, is_new] = names_.try_emplace(uid);
    if (!is_new) return at->second;
    std::vector<char> buffer(16 * 1024);
    passwd entry{};
    passwd* found = nullptr;
    getpwuid_r(static_cast<uid_t>(uid), &entry, buffer.data(), buffer.size(), &found);
    if (found) at->second = found->pw_name;
    return at->second;
  }
  std::string cgroup_path(uint64_t id, const std::string& pattern) override {
    return cgroups_.find(id, pattern);
  }

 private:
  SymbolOptions options_;
  KernelSymbols kernel_;
  kernel::KernelSource kernel_code_;
  UserSymbols user_;
  CgroupPaths cgroups_;
  std::map<uint64_t, std::string> names_;
};

}  // namespace

std::unique_ptr<Symbols> host_symbols(const SymbolOptions& options) {
  return std::make_unique<HostSymbols>(options);
}

}  // namespace gimlet::runtime
