#include "kernel/cgroups.h"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

namespace gimlet::kernel {

base::Result<uint64_t> read_cgroup_id(const std::string& path) {
  struct {
    file_handle head;
    uint64_t id;
  } handle{};
  handle.head.handle_bytes = sizeof(handle.id);
  int mount = 0;
  if (name_to_handle_at(AT_FDCWD, path.c_str(), &handle.head, &mount, 0) == 0) {
    uint64_t id = 0;
    std::memcpy(&id, handle.head.f_handle, sizeof(id));
    return id;
  }
  // Handles of other file systems are longer.
  int error = errno;
  const char* reason = error == EOVERFLOW ? "not a cgroup" : strerror(error);
  return base::Error{reason, {}, error, 1};
}

}  // namespace gimlet::kernel
