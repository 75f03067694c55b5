#include "runtime/attach.h"

#include <bpf/bpf.h>
#include <fmt/format.h>

#include <cerrno>

#include "base/owners.h"
#include "kernel/tracefs_mount.h"
#include "runtime/attach_functions.h"
#include "runtime/attach_user.h"
#include "runtime/attach_watchpoint.h"
#include "runtime/cpus.h"
#include "runtime/iterator.h"
#include "runtime/perf_event.h"

namespace gimlet::runtime {
namespace {

using ast::ProviderId;
using ast::Target;
using base::Status;
using base::UniqueFd;

Status attach_tracepoint(const Target& target, const AttachContext& context,
                         std::vector<Link>& links) {
  const auto& place = std::get<ast::TracepointTarget>(target.place);
  base::Result<uint64_t> id = read_number(
      fmt::format("{}/events/{}/{}/id", kernel::host_tracefs(), place.category, place.event));
  if (!id && id.error().errnum != ENOENT) return id.error();
  if (!id) {
    return base::Error{
        fmt::format("Tracepoint {}:{} is not in tracefs", place.category, place.event),
        "Mount it: mount -t tracefs tracefs /sys/kernel/tracing", ENOENT, 255};
  }
  perf_event_attr attr{};
  attr.type = PERF_TYPE_TRACEPOINT;
  attr.config = *id;
  // The program is called on every CPU, whichever the event is opened on.
  UniqueFd event = open_perf_event(attr, -1, 0);
  if (!event) return base::system_error(errno, "Could not open the tracepoint's perf event");
  Status status = link_event(std::move(event), context, links);
  if (status.ok() || status.error().errnum != E2BIG) return status;
  return base::Error{
      "The kernel runs at most 64 programs on one tracepoint",
      "Put what the probes do into fewer of them, or use rawtracepoint, which has no "
      "such limit.",
      E2BIG, 255};
}

Status attach_raw_tracepoint(const Target& target, const AttachContext& context,
                             std::vector<Link>& links) {
  const auto& place = std::get<ast::RawTracepointTarget>(target.place);
  // A typed program knows its tracepoint already.
  const char* name = context.btf_context ? nullptr : place.event.c_str();
  UniqueFd link(bpf_raw_tracepoint_open(name, context.program));
  if (!link && errno == ENOENT) {
    return base::Error{fmt::format("Probe does not exist: {}", target.name), {}, ENOENT, 255};
  }
  if (!link && errno == EINVAL) {
    return base::system_error(
        EINVAL, "Maybe trying to access arguments beyond what's available in this tracepoint");
  }
  if (!link) return base::system_error(errno, "Could not open the raw tracepoint");
  links.emplace_back(std::move(link));
  return base::Done{};
}

// One event on each of the CPUs; either all are attached or none.
Status attach_on_cpus(const perf_event_attr& wanted, const std::vector<int>& cpus, int64_t pid,
                      const AttachContext& context, std::vector<Link>& links) {
  std::vector<Link> mine;
  for (int cpu : cpus) {
    perf_event_attr attr = wanted;
    UniqueFd event = open_perf_event(attr, pid, cpu);
    if (!event) {
      return base::system_error(errno, fmt::format("Could not open a perf event on CPU {}", cpu));
    }
    Status status = link_event(std::move(event), context, mine);
    if (!status.ok()) return status;
  }
  for (Link& link : mine) links.push_back(std::move(link));
  return base::Done{};
}

perf_event_attr timer_attr(const Target& target) {
  const auto& place = std::get<ast::TimerTarget>(target.place);
  perf_event_attr attr{};
  attr.type = PERF_TYPE_SOFTWARE;
  attr.config = PERF_COUNT_SW_CPU_CLOCK;
  if (place.frequency_hz != 0) {
    attr.freq = 1;
    attr.sample_freq = place.frequency_hz;
  } else {
    attr.sample_period = place.period_ns;
  }
  return attr;
}

Status attach_profile(const Target& target, const AttachContext& context,
                      std::vector<Link>& links) {
  perf_event_attr attr = timer_attr(target);
  int64_t pid = scope(attr, context);
  return attach_on_cpus(attr, online_cpus(), pid, context, links);
}

Status attach_interval(const Target& target, const AttachContext& context,
                       std::vector<Link>& links) {
  return attach_on_cpus(timer_attr(target), {online_cpus().front()}, -1, context, links);
}

// What the kernel answers if the processor, or the hypervisor, does not count this event.
bool lacks_counter(int error) { return error == ENOENT || error == ENODEV || error == EOPNOTSUPP; }

// software, hardware
Status attach_perf_event(const Target& target, const AttachContext& context,
                         std::vector<Link>& links) {
  const auto& place = std::get<ast::PerfEventTarget>(target.place);
  bool hardware = target.provider == ProviderId::Hardware;
  perf_event_attr attr{};
  attr.type = hardware ? PERF_TYPE_HARDWARE : PERF_TYPE_SOFTWARE;
  attr.config = place.config;
  attr.sample_period = place.period;
  int64_t pid = scope(attr, context);
  Status status = attach_on_cpus(attr, online_cpus(), pid, context, links);
  if (!status && hardware && lacks_counter(status.error().errnum)) {
    status.error().hint =
        "This machine has no such hardware counter; virtual machines often have none at all.";
  }
  return status;
}

using AttachFunction = Status (*)(const Target&, const AttachContext&, std::vector<Link>&);

struct ProviderAttach {
  ProviderId provider;
  AttachFunction attach;
  bool backward;
};

constexpr ProviderAttach kProviders[] = {
    {ProviderId::Tracepoint, attach_tracepoint, false},
    {ProviderId::RawTracepoint, attach_raw_tracepoint, false},
    {ProviderId::Fentry, attach_trampoline, true},
    {ProviderId::Fexit, attach_trampoline, true},
    {ProviderId::Kprobe, attach_kprobe, true},
    {ProviderId::Kretprobe, attach_kprobe, false},
    {ProviderId::Profile, attach_profile, false},
    {ProviderId::Interval, attach_interval, false},
    {ProviderId::Software, attach_perf_event, false},
    {ProviderId::Hardware, attach_perf_event, false},
    {ProviderId::Uprobe, attach_user, true},
    {ProviderId::Uretprobe, attach_user, true},
    {ProviderId::Watchpoint, attach_watchpoint, false},
    {ProviderId::Iter, attach_iterator, true},
    {ProviderId::Usdt, attach_usdt, true},
};

const ProviderAttach* find_provider(ProviderId provider) {
  for (const ProviderAttach& row : kProviders) {
    if (row.provider == provider) return &row;
  }
  return nullptr;
}

}  // namespace

Status attach_target(const Target& target, const AttachContext& context, std::vector<Link>& links) {
  switch (context.mechanism) {
    case ast::Mechanism::Trampoline: return attach_trampoline(target, context, links);
    case ast::Mechanism::Kprobe: return attach_kprobe(target, context, links);
    case ast::Mechanism::RawTracepoint: return attach_raw_tracepoint(target, context, links);
    default: break;
  }
  const ProviderAttach* row = find_provider(target.provider);
  if (!row) {
    return base::Error{fmt::format("Invalid probe type: {}", ast::provider(target.provider).name),
                       {},
                       EINVAL,
                       255};
  }
  return row->attach(target, context, links);
}

bool attaches_backward(ProviderId provider, ast::Mechanism mechanism) {
  if (mechanism == ast::Mechanism::Trampoline) provider = ProviderId::Fentry;
  if (mechanism == ast::Mechanism::Kprobe) {
    provider = provider == ProviderId::Fexit ? ProviderId::Kretprobe : ProviderId::Kprobe;
  }
  const ProviderAttach* row = find_provider(provider);
  return row && row->backward;
}

}  // namespace gimlet::runtime
