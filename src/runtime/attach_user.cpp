#include "runtime/attach_user.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <linux/perf_event.h>

#include <cerrno>
#include <cstdlib>

#include "base/owners.h"
#include "kernel/function_links.h"
#include "runtime/perf_event.h"
#include "runtime/user_event_ahead.h"

namespace gimlet::runtime {
namespace {

using ast::ProviderId;
using ast::Target;
using base::Status;
using base::UniqueFd;

// Linux 6.6; newer than the headers that we may be built with.
constexpr uint32_t kUprobeMultiReturn = 1;

constexpr const char* kFolder = "/sys/bus/event_source/devices/uprobe/";

struct Place {
  const std::string& path;
  uint64_t offset = 0;
  uint64_t semaphore = 0;  // offset of the counter that the kernel raises while attached
  bool is_return = false;
};

// The kernel says in sysfs in which bits of perf_event_attr::config an option lies:
// "config:0" or "config:32-63".
base::Result<unsigned> first_bit(const char* option) {
  base::Result<std::string> format = base::read_file(std::string(kFolder) + "format/" + option);
  size_t colon = format ? format->find(':') : std::string::npos;
  if (colon == std::string::npos) {
    return base::Error{fmt::format("This kernel's uprobes have no {}", option), {}, ENOENT, 255};
  }
  return static_cast<unsigned>(std::strtoul(format->c_str() + colon + 1, nullptr, 10));
}

base::Result<perf_event_attr> event_of(const Place& place) {
  base::Result<uint64_t> type = read_number(std::string(kFolder) + "type");
  if (!type) {
    return base::Error{"This kernel has no uprobes",
                       "Uprobes need a kernel built with CONFIG_UPROBE_EVENTS.", ENOENT, 255};
  }
  perf_event_attr attr{};
  attr.type = static_cast<uint32_t>(*type);
  attr.config1 = reinterpret_cast<uint64_t>(place.path.c_str());
  attr.config2 = place.offset;
  if (place.is_return) {
    base::Result<unsigned> bit = first_bit("retprobe");
    if (!bit) return bit.error();
    attr.config |= 1ULL << *bit;
  }
  if (place.semaphore != 0) {
    base::Result<unsigned> bit = first_bit("ref_ctr_offset");
    if (!bit) return bit.error();
    attr.config |= place.semaphore << *bit;
  }
  return attr;
}

base::Error place_error(int error, const Place& place) {
  if (error == ENOENT) {
    return {fmt::format("uprobe target file '{}' does not exist or is not executable", place.path),
            {},
            ENOENT,
            255};
  }
  return base::system_error(
      error, fmt::format("Could not place a uprobe at {}+{:#x}", place.path, place.offset));
}

base::Result<UniqueFd> open_place(const Place& place, uint64_t process) {
  base::Result<perf_event_attr> attr = event_of(place);
  if (!attr) return attr.error();
  // The kernel scopes a uprobe by address space, which all threads share. An inherited event would
  // be a second uprobe of its own, without the program.
  int64_t pid = process == 0 ? -1 : static_cast<int64_t>(process);
  UniqueFd event = open_perf_event(*attr, pid, pid < 0 ? 0 : -1);
  if (!event) return place_error(errno, place);
  return event;
}

Status attach_place(const Place& place, uint64_t cookie, const AttachContext& context,
                    std::vector<Link>& links) {
  base::Result<UniqueFd> event = open_place(place, context.pid);
  if (!event) return event.error();
  return link_event(std::move(*event), context, links, cookie);
}

Place entry_of(const Target& target) {
  const auto& user = std::get<ast::UserTarget>(target.place);
  return {user.path, user.file_offset, 0, target.provider == ProviderId::Uretprobe};
}

struct Places {
  std::vector<unsigned long> offsets;
  std::vector<unsigned long> semaphores;  // empty, or one for each offset
  std::vector<__u64> cookies;             // likewise
};

Status attach_places(const std::string& path, const Places& places, bool is_return,
                     const AttachContext& context, std::vector<Link>& links) {
  LIBBPF_OPTS(bpf_link_create_opts, options);
  options.uprobe_multi.path = path.c_str();
  options.uprobe_multi.offsets = places.offsets.data();
  if (!places.semaphores.empty()) options.uprobe_multi.ref_ctr_offsets = places.semaphores.data();
  if (!places.cookies.empty()) options.uprobe_multi.cookies = places.cookies.data();
  options.uprobe_multi.cnt = static_cast<uint32_t>(places.offsets.size());
  options.uprobe_multi.pid = static_cast<uint32_t>(context.pid);
  if (is_return) options.uprobe_multi.flags = kUprobeMultiReturn;
  UniqueFd link(bpf_link_create(context.program, 0, kernel::kTraceUprobeMulti, &options));
  if (!link) return place_error(errno, {path, places.offsets.front()});
  links.emplace_back(std::move(link));
  return base::Done{};
}

// Either all locations of a marker are attached or none.
Status attach_locations(const ast::UsdtTarget& usdt, const AttachContext& context,
                        std::vector<Link>& links) {
  std::vector<Link> mine;
  for (const ast::UsdtLocation& location : usdt.marker.locations) {
    Place place{usdt.path, location.file_offset, location.semaphore_offset};
    Status status = attach_place(place, ast::usdt_cookie(location), context, mine);
    if (!status.ok()) return status;
  }
  for (Link& link : mine) links.push_back(std::move(link));
  return base::Done{};
}

Status attach_locations_at_once(const ast::UsdtTarget& usdt, const AttachContext& context,
                                std::vector<Link>& links) {
  Places places;
  for (const ast::UsdtLocation& location : usdt.marker.locations) {
    places.offsets.push_back(location.file_offset);
    places.semaphores.push_back(location.semaphore_offset);
    places.cookies.push_back(ast::usdt_cookie(location));
  }
  return attach_places(usdt.path, places, false, context, links);
}

}  // namespace

base::Result<UniqueFd> open_user_event(const Target& target, uint64_t pid) {
  return open_place(entry_of(target), pid);
}

Status attach_user(const Target& target, const AttachContext& context, std::vector<Link>& links) {
  const auto& user = std::get<ast::UserTarget>(target.place);
  if (user.return_offsets.empty()) {
    UniqueFd ahead = context.ahead ? context.ahead->take(target, context.pid) : UniqueFd();
    if (ahead) return link_event(std::move(ahead), context, links);
    return attach_place(entry_of(target), 0, context, links);
  }
  std::vector<Link> mine;
  for (const uint64_t offset : user.return_offsets) {
    Status status = attach_place({user.path, offset}, offset - user.file_offset, context, mine);
    if (!status.ok()) return status;
  }
  for (Link& link : mine) links.push_back(std::move(link));
  return base::Done{};
}

Status attach_usdt(const Target& target, const AttachContext& context, std::vector<Link>& links) {
  const auto& usdt = std::get<ast::UsdtTarget>(target.place);
  Status status = context.mechanism == ast::Mechanism::Multi
                      ? attach_locations_at_once(usdt, context, links)
                      : attach_locations(usdt, context, links);
  if (!status.ok()) {
    status.error().message = fmt::format("Failed to attach usdt probe: {}", status.error().message);
  }
  return status;
}

Status attach_user_multi(std::span<const Target* const> targets, const AttachContext& context,
                         std::vector<Link>& links) {
  // Returns that are caught at the caller, and instructions, which also stand for returns.
  Places returns, instructions;
  for (const Target* target : targets) {
    const auto& user = std::get<ast::UserTarget>(target->place);
    if (!user.return_offsets.empty()) {
      for (const uint64_t offset : user.return_offsets) {
        instructions.offsets.push_back(offset);
        instructions.cookies.push_back(offset - user.file_offset);
      }
    } else {
      const bool is_return = target->provider == ProviderId::Uretprobe;
      Places& places = is_return ? returns : instructions;
      places.offsets.push_back(user.file_offset);
      places.cookies.push_back(0);
    }
  }
  const auto& path = std::get<ast::UserTarget>(targets.front()->place).path;
  std::vector<Link> mine;
  for (const Places* places : {&instructions, &returns}) {
    if (places->offsets.empty()) continue;
    Status status = attach_places(path, *places, places == &returns, context, mine);
    if (!status.ok()) return status;
  }
  for (Link& link : mine) links.push_back(std::move(link));
  return base::Done{};
}

}  // namespace gimlet::runtime
