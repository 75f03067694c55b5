// libbpf's linker wants names of files: the objects are files in memory, named by their
// descriptors.
#include "runtime/object_linker.h"

#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "base/owners.h"

namespace gimlet::runtime {
namespace {

struct LinkerCloser {
  void operator()(bpf_linker* linker) const { bpf_linker__free(linker); }
};
using Linker = std::unique_ptr<bpf_linker, LinkerCloser>;

std::string path_of(const base::UniqueFd& fd) { return fmt::format("/proc/self/fd/{}", fd.get()); }

base::Result<base::UniqueFd> memory_file(const std::vector<uint8_t>& bytes) {
  base::UniqueFd fd(::memfd_create("object", MFD_CLOEXEC));
  if (!fd) return base::system_error(errno, "Failed to create a memory file");
  for (size_t at = 0; at < bytes.size();) {
    const ssize_t n = ::write(fd.get(), bytes.data() + at, bytes.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return base::system_error(errno, "Failed to write a memory file");
    at += static_cast<size_t>(n);
  }
  return fd;
}

base::Status add(bpf_linker* linker, const std::vector<uint8_t>& bytes, const std::string& name) {
  auto file = memory_file(bytes);
  if (!file) return file.error();
  const int error = bpf_linker__add_file(linker, path_of(*file).c_str(), nullptr);
  if (error) return base::system_error(-error, fmt::format("Failed to link {}", name));
  return base::Done{};
}

}  // namespace

base::Result<std::vector<uint8_t>> link_objects(const image::Image& image) {
  auto output = memory_file({});
  if (!output) return output.error();
  const Linker linker(bpf_linker__new(path_of(*output).c_str(), nullptr));
  if (!linker) return base::system_error(errno, "Failed to prepare linking");
  if (auto own = add(linker.get(), image.object, "the program"); !own) return own.error();
  for (const ast::ExternalObject& object : image.external_objects) {
    if (auto theirs = add(linker.get(), object.bytes, object.name); !theirs) return theirs.error();
  }
  if (const int error = bpf_linker__finalize(linker.get())) {
    return base::system_error(-error, "Failed to link the program with what it imports");
  }
  auto text = base::read_file(path_of(*output));
  if (!text) return text.error();
  return std::vector<uint8_t>(text->begin(), text->end());
}

}  // namespace gimlet::runtime
