#include "kernel/indirect_functions.h"

#include <dlfcn.h>
#include <sys/stat.h>

namespace gimlet::kernel {

std::optional<uint64_t> chosen_implementation(const std::string& path, const std::string& name) {
  const void* address = dlsym(RTLD_DEFAULT, name.c_str());
  Dl_info found{};
  struct stat ours {
  }, wanted{};
  if (!address || dladdr(address, &found) == 0 || !found.dli_fname) return std::nullopt;
  const bool same = stat(found.dli_fname, &ours) == 0 && stat(path.c_str(), &wanted) == 0 &&
                    ours.st_dev == wanted.st_dev && ours.st_ino == wanted.st_ino;
  if (!same) return std::nullopt;
  return reinterpret_cast<uint64_t>(address) - reinterpret_cast<uint64_t>(found.dli_fbase);
}

}  // namespace gimlet::kernel
