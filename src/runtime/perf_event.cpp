#include "runtime/perf_event.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace gimlet::runtime {

using base::Status;
using base::UniqueFd;

UniqueFd open_perf_event(perf_event_attr& attr, int64_t pid, int cpu) {
  attr.size = sizeof(attr);
  return UniqueFd(static_cast<int>(
      syscall(SYS_perf_event_open, &attr, static_cast<pid_t>(pid), cpu, -1, PERF_FLAG_FD_CLOEXEC)));
}

Status link_event(UniqueFd event, const AttachContext& context, std::vector<Link>& links,
                  uint64_t cookie) {
  LIBBPF_OPTS(bpf_link_create_opts, options);
  options.perf_event.bpf_cookie = cookie;
  UniqueFd link(bpf_link_create(context.program, event.get(), BPF_PERF_EVENT, &options));
  if (!link) return base::system_error(errno, "Could not attach the program to its perf event");
  if (ioctl(event.get(), PERF_EVENT_IOC_ENABLE, 0) != 0) {
    return base::system_error(errno, "Could not enable the perf event");
  }
  links.emplace_back(std::move(link), std::move(event));
  return base::Done{};
}

base::Result<uint64_t> read_number(const std::string& path) {
  base::Result<std::string> text = base::read_file(path);
  if (!text) return text.error();
  return std::strtoull(text->c_str(), nullptr, 10);
}

int64_t scope(perf_event_attr& attr, const AttachContext& context) {
  if (context.pid == 0) return -1;
  attr.inherit = 1;
  return static_cast<int64_t>(context.pid);
}

}  // namespace gimlet::runtime
