#include "runtime/iterator.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/owners.h"

namespace gimlet::runtime {
namespace {

using base::Status;
using base::UniqueFd;

// The kernel's buffer holds 32 KiB. Where an object's text does not fit any more, its program is
// run a second time for the next read, which counts the object twice. The kernel stops as soon as
// a read is satisfied, so small reads leave every object nearly the whole buffer.
constexpr size_t kReadSize = 4096;

// Those that walk over the contents of one map, which a program has no way to name.
constexpr std::string_view kOfOneMap[] = {"bpf_map_elem", "sockmap", "bpf_sk_storage_map"};

bool walks_tasks(std::string_view name) {
  return name == "task" || name == "task_file" || name == "task_vma";
}

}  // namespace

Status attach_iterator(const ast::Target& target, const AttachContext& context,
                       std::vector<Link>& links) {
  const auto& place = std::get<ast::IteratorTarget>(target.place);
  if (std::ranges::find(kOfOneMap, place.name) != std::end(kOfOneMap)) {
    return base::Error{
        fmt::format("iter {} walks over one map, and a probe cannot say which", place.name),
        "Maps of gimlet itself are printed at the end, or by print().", EINVAL, 255};
  }
  bpf_iter_link_info scope{};
  LIBBPF_OPTS(bpf_link_create_opts, options);
  if (context.pid != 0 && walks_tasks(place.name)) {
    scope.task.pid = static_cast<uint32_t>(context.pid);
    options.iter_info = &scope;
    options.iter_info_len = sizeof(scope);
  } else if (place.name == "cgroup") {
    // From the root: the kernel wants to be told an order.
    scope.cgroup.order = BPF_CGROUP_ITER_DESCENDANTS_PRE;
    options.iter_info = &scope;
    options.iter_info_len = sizeof(scope);
  }
  UniqueFd link(bpf_link_create(context.program, 0, BPF_TRACE_ITER, &options));
  if (!link) return base::system_error(errno, "Could not attach the program to its iterator");
  links.emplace_back(std::move(link));
  return base::Done{};
}

Status read_iterator(const Link& link, const std::function<bool(std::string_view)>& take) {
  UniqueFd file(bpf_iter_create(link.fd()));
  if (!file) return base::system_error(errno, "Failed to start the iterator");
  char text[kReadSize];
  for (;;) {
    ssize_t size = ::read(file.get(), text, sizeof(text));
    // After a million objects without any text the kernel wants to be asked again.
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
      if (!take({})) return base::Done{};
      continue;
    }
    if (size < 0 && errno == E2BIG) {
      return base::system_error(errno, "One object printed more than the kernel's 32 KiB hold");
    }
    if (size < 0) return base::system_error(errno, "Failed to read the iterator");
    if (size == 0 || !take({text, static_cast<size_t>(size)})) return base::Done{};
  }
}

base::Result<std::string> pin_iterator(const Link& link, const std::string& pin) {
  std::string path = pin.starts_with('/') ? pin : "/sys/fs/bpf/" + pin;
  if (bpf_obj_pin(link.fd(), path.c_str()) == 0) return path;
  base::Error error =
      base::system_error(errno, fmt::format("Failed to pin iter probe link at {}", path));
  error.exit_status = 255;
  if (error.errnum == EPERM || error.errnum == EINVAL) {
    error.hint = "Pins live in a bpf file system: mount -t bpf bpf /sys/fs/bpf";
  } else if (error.errnum == EEXIST) {
    error.hint = fmt::format("Remove the old one: rm {}", path);
  }
  return error;
}

}  // namespace gimlet::runtime
