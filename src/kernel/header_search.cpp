#include "kernel/header_search.h"

#include <sys/stat.h>

#include <algorithm>
#include <string_view>

#include "kernel/header_types.h"

namespace gimlet::kernel {
namespace {

constexpr std::string_view kKernelFolders[] = {
    "acpi",    "asm",    "asm-generic", "block", "bpf",       "clocksource", "crypto", "cxl",
    "drivers", "drm",    "dt-bindings", "fs",    "generated", "hyperv",      "keys",   "kernel",
    "kvm",     "linux",  "math-emu",    "media", "memory",    "misc",        "mm",     "mtd",
    "net",     "pcmcia", "ras",         "rdma",  "scsi",      "security",    "soc",    "sound",
    "target",  "trace",  "uapi",        "vdso",  "video",     "xen",
};

// These come with the compiler, wherever that has its folder.
constexpr std::string_view kCompilerHeaders[] = {
    "float.h",   "inttypes.h", "iso646.h", "limits.h",      "stdalign.h", "stdarg.h", "stdatomic.h",
    "stdbool.h", "stddef.h",   "stdint.h", "stdnoreturn.h", "tgmath.h",   "unwind.h",
};

#if defined(__aarch64__)
constexpr const char* kSystemFolders[] = {"/usr/local/include", "/usr/include/aarch64-linux-gnu",
                                          "/usr/include"};
#else
constexpr const char* kSystemFolders[] = {"/usr/local/include", "/usr/include/x86_64-linux-gnu",
                                          "/usr/include"};
#endif

bool is_file(const std::string& path) {
  struct stat st {};
  return ::stat(path.c_str(), &st) == 0 && !S_ISDIR(st.st_mode);
}

}  // namespace

bool is_kernel_header(const std::string& path) {
  const std::string_view folder = std::string_view(path).substr(0, path.find('/'));
  return folder.size() < path.size() &&
         std::ranges::find(kKernelFolders, folder) != std::end(kKernelFolders);
}

bool header_exists(const ast::CInclude& include, const std::string& script_folder,
                   const std::vector<std::string>& folders) {
  const std::string& path = include.path;
  if (path.starts_with('/')) return is_file(path);
  const auto has_it = [&](const std::string& folder) { return is_file(folder + "/" + path); };
  if (include.quoted && has_it(script_folder)) return true;
  if (std::ranges::any_of(folders, has_it)) return true;
  if (std::ranges::any_of(kSystemFolders, has_it)) return true;
  if (std::ranges::find(kCompilerHeaders, path) != std::end(kCompilerHeaders)) return true;
  return std::ranges::any_of(kernel_header_folders(), has_it);
}

}  // namespace gimlet::kernel
