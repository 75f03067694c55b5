// The running machine: the kernel's own files at their usual places, and user binaries as ELF.
#include "kernel/binaries.h"
#include "kernel/elf.h"
#include "kernel/file_kernel.h"
#include "kernel/kernel.h"
#include "kernel/usdt_notes.h"

namespace gimlet::kernel {
namespace {

constexpr const char* kModuleBtfFolder = "/sys/kernel/btf";
constexpr const char* kVmlinuxBtf = "/sys/kernel/btf/vmlinux";

KernelPaths host_paths(const std::string& btf_file) {
  // A file given in place of the kernel's own does not match the modules that are loaded now.
  const bool own = btf_file.empty();
  return {own ? kVmlinuxBtf : btf_file,
          own ? kModuleBtfFolder : "",
          {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"},
          "/proc/kallsyms"};
}

class HostKernel final : public FileKernel {
 public:
  explicit HostKernel(const std::string& btf_file) : FileKernel(host_paths(btf_file)) {}

  base::Result<std::vector<std::string>> resolve_binary(const std::string& text,
                                                        uint64_t pid) override {
    return kernel::resolve_binary(text, pid);
  }

  base::Result<std::vector<FunctionSymbol>> functions(const std::string& path) override {
    auto file = ElfFile::open(path);
    if (!file.ok()) return file.error();
    return file->functions();
  }

  base::Result<FunctionSymbol> function(const std::string& path, const std::string& name) override {
    auto file = ElfFile::open(path);
    if (!file.ok()) return file.error();
    return file->function(name);
  }

  base::Result<uint64_t> file_offset(const std::string& path, uint64_t address) override {
    auto file = ElfFile::open(path);
    if (!file.ok()) return file.error();
    return file->file_offset(address);
  }

  base::Result<std::vector<ast::UsdtMarker>> usdt_markers(const std::string& path) override {
    return read_usdt_markers(path);
  }
};

}  // namespace

std::unique_ptr<Kernel> host_kernel(const std::string& btf_file) {
  return std::make_unique<HostKernel>(btf_file);
}

}  // namespace gimlet::kernel
