// A breakpoint belongs to a CPU or to a thread. For a process each of its threads gets one; later
// threads and children inherit theirs. Threads may come and go meanwhile, and registers may be
// taken on some CPUs: one event that opens is enough.
#include "runtime/attach_watchpoint.h"

#include <dirent.h>
#include <fmt/format.h>
#include <linux/hw_breakpoint.h>

#include <cerrno>
#include <cstdlib>

#include "runtime/cpus.h"
#include "runtime/perf_event.h"

namespace gimlet::runtime {
namespace {

using base::Status;
using base::UniqueFd;

// Where an event is opened, as perf_event_open wants it.
struct Holder {
  int64_t thread = -1;
  int cpu = -1;
};

std::vector<Holder> threads_of(uint64_t pid) {
  std::vector<Holder> holders;
  DIR* folder = ::opendir(fmt::format("/proc/{}/task", pid).c_str());
  if (!folder) return {{static_cast<int64_t>(pid), -1}};
  while (const dirent* entry = ::readdir(folder)) {
    if (entry->d_name[0] != '.') holders.push_back({std::strtol(entry->d_name, nullptr, 10), -1});
  }
  ::closedir(folder);
  return holders;
}

std::vector<Holder> all_cpus() {
  std::vector<Holder> holders;
  for (int cpu : online_cpus()) holders.push_back({-1, cpu});
  return holders;
}

perf_event_attr breakpoint(const ast::WatchpointTarget& place) {
  perf_event_attr attr{};
  attr.type = PERF_TYPE_BREAKPOINT;
  attr.sample_period = 1;
  attr.bp_addr = place.address;
  attr.bp_len = place.length;
  for (char letter : place.mode) {
    if (letter == 'r') attr.bp_type |= HW_BREAKPOINT_R;
    if (letter == 'w') attr.bp_type |= HW_BREAKPOINT_W;
    if (letter == 'x') attr.bp_type |= HW_BREAKPOINT_X;
  }
  // The kernel takes no other length for instructions.
  if (attr.bp_type == HW_BREAKPOINT_X) attr.bp_len = sizeof(long);
  return attr;
}

base::Error breakpoint_error(int error, const ast::WatchpointTarget& place) {
  if (error == ENOSPC) return {"No more HW registers left", {}, error, 255};
  base::Error failure =
      base::system_error(error, fmt::format("Could not watch the address {:#x}", place.address));
  failure.exit_status = 255;
  if (error == EINVAL && place.address % place.length != 0) {
    failure.hint = "the address must be a multiple of the length";
  } else if (error == EOPNOTSUPP || error == ENODEV || error == ENOENT) {
    failure.hint = "this kernel or machine has no hardware breakpoints";
  }
  return failure;
}

}  // namespace

Status attach_watchpoint(const ast::Target& target, const AttachContext& context,
                         std::vector<Link>& links) {
  const auto& place = std::get<ast::WatchpointTarget>(target.place);
  std::vector<Link> mine;
  int error = ESRCH;
  for (const Holder& holder : context.pid ? threads_of(context.pid) : all_cpus()) {
    perf_event_attr attr = breakpoint(place);
    attr.inherit = context.pid != 0;
    UniqueFd event = open_perf_event(attr, holder.thread, holder.cpu);
    if (!event) {
      error = errno;
      continue;
    }
    Status status = link_event(std::move(event), context, mine);
    if (!status.ok()) return status;
  }
  if (mine.empty()) return breakpoint_error(error, place);
  for (Link& link : mine) links.push_back(std::move(link));
  return base::Done{};
}

}  // namespace gimlet::runtime
