#include "runtime/attach_usdt.h"

#include <bpf/bpf.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>

#include "base/owners.h"
#include "runtime/perf_event.h"

namespace gimlet::runtime {
namespace {

using base::Status;
using base::UniqueFd;

constexpr const char* kUprobes = "/sys/bus/event_source/devices/uprobe/";

base::Error place_error(int error, const ast::UsdtTarget& usdt, uint64_t offset) {
  return base::system_error(error,
                            fmt::format("Could not place a uprobe at {}+{:#x}", usdt.path, offset));
}

// In which bit of perf_event_attr::config the semaphore's place begins: "config:32-63".
base::Result<unsigned> semaphore_bit() {
  base::Result<std::string> format =
      base::read_file(std::string(kUprobes) + "format/ref_ctr_offset");
  size_t colon = format ? format->find(':') : std::string::npos;
  if (colon == std::string::npos) {
    return base::Error{"This kernel's uprobes have no reference counters", {}, ENOENT, 255};
  }
  return static_cast<unsigned>(std::strtoul(format->c_str() + colon + 1, nullptr, 10));
}

Status attach_location(const ast::UsdtTarget& usdt, const ast::UsdtLocation& location,
                       AttachContext context, std::vector<Link>& links) {
  base::Result<uint64_t> type = read_number(std::string(kUprobes) + "type");
  if (!type) {
    return base::Error{"This kernel has no uprobes",
                       "They need a kernel built with CONFIG_UPROBE_EVENTS.", ENOENT, 255};
  }
  perf_event_attr attr{};
  attr.type = static_cast<uint32_t>(*type);
  attr.config1 = reinterpret_cast<uint64_t>(usdt.path.c_str());
  attr.config2 = location.file_offset;
  if (location.semaphore_offset != 0) {
    base::Result<unsigned> bit = semaphore_bit();
    if (!bit) return bit.error();
    attr.config |= location.semaphore_offset << *bit;
  }
  // The kernel scopes a uprobe by address space, which all threads share: nothing is inherited.
  int64_t pid = context.pid == 0 ? -1 : static_cast<int64_t>(context.pid);
  UniqueFd event = open_perf_event(attr, pid, pid < 0 ? 0 : -1);
  if (!event) return place_error(errno, usdt, location.file_offset);
  context.cookie = ast::usdt_cookie(location);
  return link_event(std::move(event), context, links);
}

Status attach_one_by_one(const ast::UsdtTarget& usdt, const AttachContext& context,
                         std::vector<Link>& links) {
  std::vector<Link> mine;
  for (const ast::UsdtLocation& location : usdt.marker.locations) {
    Status status = attach_location(usdt, location, context, mine);
    if (!status.ok()) return status;
  }
  for (Link& link : mine) links.push_back(std::move(link));
  return base::Done{};
}

Status attach_at_once(const ast::UsdtTarget& usdt, const AttachContext& context,
                      std::vector<Link>& links) {
  std::vector<unsigned long> offsets, semaphores;
  std::vector<__u64> cookies;
  for (const ast::UsdtLocation& location : usdt.marker.locations) {
    offsets.push_back(location.file_offset);
    semaphores.push_back(location.semaphore_offset);
    cookies.push_back(ast::usdt_cookie(location));
  }
  LIBBPF_OPTS(bpf_link_create_opts, options);
  options.uprobe_multi.path = usdt.path.c_str();
  options.uprobe_multi.offsets = offsets.data();
  options.uprobe_multi.ref_ctr_offsets = semaphores.data();
  options.uprobe_multi.cookies = cookies.data();
  options.uprobe_multi.cnt = static_cast<uint32_t>(offsets.size());
  options.uprobe_multi.pid = static_cast<uint32_t>(context.pid);
  UniqueFd link(
      bpf_link_create(context.program, 0, multi_link_kind(ast::ProviderId::Usdt), &options));
  if (!link) return place_error(errno, usdt, offsets.front());
  links.emplace_back(std::move(link));
  return base::Done{};
}

}  // namespace

Status attach_usdt(const ast::Target& target, const AttachContext& context,
                   std::vector<Link>& links) {
  const auto& usdt = std::get<ast::UsdtTarget>(target.place);
  bool at_once = context.mechanism == ast::Mechanism::Multi;
  Status status =
      at_once ? attach_at_once(usdt, context, links) : attach_one_by_one(usdt, context, links);
  if (!status.ok()) {
    status.error().message = fmt::format("Failed to attach usdt probe: {}", status.error().message);
  }
  return status;
}

}  // namespace gimlet::runtime
