// The running machine: the kernel's own files at their usual places, and user binaries as ELF.
#include <fmt/format.h>
#include <unistd.h>

#include <map>
#include <optional>

#include "kernel/binaries.h"
#include "kernel/cgroups.h"
#include "kernel/file_kernel.h"
#include "kernel/indirect_functions.h"
#include "kernel/iterators.h"
#include "kernel/kernel.h"
#include "kernel/kernel_calls.h"
#include "kernel/kernel_files.h"
#include "kernel/usdt_notes.h"
#include "kernel/user_binary.h"

namespace gimlet::kernel {
namespace {

constexpr const char* kModuleBtfFolder = "/sys/kernel/btf";
constexpr const char* kVmlinuxBtf = "/sys/kernel/btf/vmlinux";

KernelPaths host_paths(const std::string& btf_file, const std::string& traceable_functions) {
  // A file given in place of the kernel's own does not match the modules that are loaded now.
  const bool own = btf_file.empty();
  return {own ? kVmlinuxBtf : btf_file,          own ? kModuleBtfFolder : "", "", "/proc/kallsyms",
          "/sys/kernel/debug/kprobes/blacklist", traceable_functions};
}

class HostKernel final : public FileKernel {
 public:
  HostKernel(const std::string& btf_file, std::vector<std::string> debug_folders,
             const std::string& traceable_functions)
      : FileKernel(host_paths(btf_file, traceable_functions)),
        debug_folders_(std::move(debug_folders)) {}

  const ast::StructLayout* find_struct(std::string_view tagged_name) override {
    const size_t at = tagged_name.find(" @");
    if (at == std::string_view::npos) return FileKernel::find_struct(tagged_name);
    auto file = binary(std::string(tagged_name.substr(at + 2)));
    return file.ok() ? (*file)->find_struct(tagged_name) : nullptr;
  }

  base::Result<std::vector<std::string>> resolve_binary(const std::string& text,
                                                        uint64_t pid) override {
    return kernel::resolve_binary(text, pid);
  }

  base::Result<std::vector<FunctionSymbol>> functions(const std::string& path) override {
    auto file = binary(path);
    if (!file.ok()) return file.error();
    return (*file)->functions();
  }

  base::Result<FunctionSymbol> function(const std::string& path, const std::string& name) override {
    auto file = binary(path);
    if (!file.ok()) return file.error();
    return (*file)->function(name);
  }

  base::Result<uint64_t> file_offset(const std::string& path, uint64_t address) override {
    auto file = binary(path);
    if (!file.ok()) return file.error();
    return (*file)->elf().file_offset(address);
  }

  base::Result<std::vector<ast::UsdtMarker>> usdt_markers(const std::string& path) override {
    return read_usdt_markers(path);
  }

  base::Result<uint64_t> source_line(const std::string& path, const std::string& source,
                                     uint64_t line, uint64_t column) override {
    auto file = binary(path);
    if (!file.ok()) return file.error();
    return (*file)->source_line({source, line, column});
  }

  base::Result<UserPrototype> user_prototype(const std::string& path, uint64_t address) override {
    auto file = binary(path);
    if (!file.ok()) return file.error();
    return (*file)->prototype(address);
  }

  std::optional<std::string> user_struct(const std::string& path,
                                         const std::string& tagged_name) override {
    auto file = binary(path);
    const ast::StructLayout* layout = file.ok() ? (*file)->find_struct(tagged_name) : nullptr;
    if (!layout) return std::nullopt;
    return layout->name;
  }

  std::optional<UserSymbol> user_symbol(const std::string& path, const std::string& name) override {
    auto file = binary(path);
    if (!file.ok()) return std::nullopt;
    return (*file)->symbol(name);
  }

  base::Result<bool> instruction_starts(const std::string& path, const FunctionSymbol& function,
                                        uint64_t address) override {
    auto file = binary(path);
    if (!file.ok()) return file.error();
    return (*file)->instruction_starts(function, address);
  }

  std::optional<FunctionSymbol> implementation(const std::string& path,
                                               const FunctionSymbol& function) override {
    const auto address = chosen_implementation(path, function.name);
    if (!address) return std::nullopt;
    auto offset = file_offset(path, *address);
    if (!offset.ok()) return std::nullopt;
    FunctionSymbol found = function;
    found.address = *address;
    found.file_offset = *offset;
    return found;
  }

  base::Result<std::optional<GoFunction>> go_function(const std::string& path,
                                                      const FunctionSymbol& function) override {
    auto file = binary(path);
    if (!file.ok()) return file.error();
    return (*file)->go_function(function);
  }

  bool module_loaded(const std::string& module) override {
    return ::access(("/sys/module/" + module + "/initstate").c_str(), F_OK) == 0;
  }

  uint64_t function_size(const std::string& name) override {
    if (!images_) images_ = kernel_images(running_kernel());
    if (images_->empty()) return 0;
    auto found = function(images_->front(), name);
    return found.ok() ? found->size : 0;
  }

  bool may_call(const std::string& function, ast::ProviderId provider) override {
    auto [known, added] = calls_.try_emplace({function, provider}, false);
    if (!added) return known->second;
    auto found = kernel_functions("vmlinux", function);
    // Programs with typed arguments are loaded for some target; this event is in every kernel.
    auto target = raw_tracepoint("sched_switch");
    if (found.empty() || !target) return false;
    known->second = kernel_allows_call(found.front().btf_id, provider, target->btf_id);
    return known->second;
  }

  base::Result<uint64_t> cgroup_id(const std::string& path) override {
    return read_cgroup_id(path);
  }

  std::vector<BpfFunction> bpf_functions() override { return loaded_bpf_functions(); }

  bool supports(Feature feature) override {
    if (is_withheld(feature)) return false;
    if (!(asked_ & bit(feature))) {
      asked_ |= bit(feature);
      if (probe_feature(feature)) found_ |= bit(feature);
    }
    return found_ & bit(feature);
  }

 protected:
  bool can_iterate(const KernelIterator& iterator) override { return kernel_takes(iterator); }

 private:
  // Opened once; kept, because layouts that were handed out live in it.
  base::Result<UserBinary*> binary(const std::string& path) {
    if (auto known = binaries_.find(path); known != binaries_.end()) return known->second.get();
    auto opened = UserBinary::open(path, debug_folders_);
    if (!opened.ok()) return opened.error();
    return (binaries_[path] = std::move(*opened)).get();
  }

  std::vector<std::string> debug_folders_;
  std::map<std::string, std::unique_ptr<UserBinary>> binaries_;
  std::optional<std::vector<std::string>> images_;                 // of the kernel, when asked for
  std::map<std::pair<std::string, ast::ProviderId>, bool> calls_;  // that were asked about
  uint32_t asked_ = 0;
  uint32_t found_ = 0;
};

}  // namespace

std::unique_ptr<Kernel> host_kernel(const std::string& btf_file,
                                    std::vector<std::string> debug_folders,
                                    const std::string& traceable_functions) {
  return std::make_unique<HostKernel>(btf_file, std::move(debug_folders), traceable_functions);
}

}  // namespace gimlet::kernel
