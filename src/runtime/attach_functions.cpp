// The kernel names kprobes and uprobes as perf event types of their own, whose numbers are in
// sysfs.
#include "runtime/attach_functions.h"

#include <bpf/bpf.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>

#include "base/owners.h"
#include "kernel/features.h"
#include "kernel/function_links.h"
#include "kernel/kallsyms.h"
#include "runtime/attach_user.h"
#include "runtime/perf_event.h"

namespace gimlet::runtime {
namespace {

using ast::ProviderId;
using ast::Target;
using base::Status;
using base::UniqueFd;

bool is_return(ProviderId provider) {
  return provider == ProviderId::Kretprobe || provider == ProviderId::Uretprobe ||
         provider == ProviderId::Fexit;
}

Status function_failure(int error, const Target& target) {
  constexpr int kNotSupported = 524;  // ENOTSUPP, which programs are not meant to see
  if (error == EPERM || error == EACCES || error == EOPNOTSUPP || error == kNotSupported) {
    return trampolines_refused(error);
  }
  if (error == E2BIG) {
    return base::Error{
        fmt::format("Too many programs trace this function already: {}", target.name),
        {},
        error,
        255};
  }
  return base::system_error(error, "Could not attach the program to its function");
}

// An event at the entry or the return. sysfs tells which perf event type it is, and which bit asks
// for returns.
base::Result<perf_event_attr> kprobe_attr(bool at_return) {
  const std::string folder = "/sys/bus/event_source/devices/kprobe/";
  base::Result<uint64_t> type = read_number(folder + "type");
  if (!type && type.error().errnum != ENOENT) return type.error();
  if (!type) {
    return base::Error{"This kernel has no kprobes",
                       "Kprobes need a kernel built with CONFIG_KPROBE_EVENTS. Tracepoints can be "
                       "traced without: gimlet -l 'tracepoint:*'",
                       ENOENT, 255};
  }
  perf_event_attr attr{};
  attr.type = static_cast<uint32_t>(*type);
  if (!at_return) return attr;
  base::Result<std::string> format = base::read_file(folder + "format/retprobe");
  size_t digits = format ? format->find(':') : std::string::npos;
  if (digits == std::string::npos) {
    return base::Error{"This kernel has no returns of kprobes", {}, ENOENT, 255};
  }
  attr.config |= 1ULL << std::strtoul(format->c_str() + digits + 1, nullptr, 10);
  return attr;
}

// Read when a name turns out to be shared; that takes tens of milliseconds.
const kernel::KernelTextSymbols& kernel_text() {
  static const auto symbols = kernel::KernelTextSymbols::read("/proc/kallsyms");
  return symbols;
}

std::string kernel_symbol(const ast::KprobeTarget& place) {
  bool bare = place.module.empty() || place.module == "vmlinux";
  return bare ? place.function : place.module + ":" + place.function;
}

base::Error kprobe_error(int error, const Target& target) {
  const auto& place = std::get<ast::KprobeTarget>(target.place);
  base::Error failure = base::system_error(error, "Could not place the kprobe");
  failure.exit_status = 255;
  if (place.function.empty()) {
    failure.message = fmt::format("The kernel does not let the address {:#x} be probed: {}",
                                  place.address, failure.message);
  } else if (error == EILSEQ) {
    failure.message =
        "Possible attachment attempt in the middle of an instruction, try a different offset.";
  } else if (error == ENOENT) {
    failure.message = fmt::format("The kernel has no function '{}'", place.function);
  } else if (error == EADDRNOTAVAIL) {
    failure.message =
        fmt::format("Several functions of the kernel have the name '{}'", place.function);
    failure.hint = "name the module, as in kprobe:MODULE:FUNCTION, or use fentry";
  } else if (error == EINVAL && place.offset > 0) {
    failure.message = fmt::format("No instruction of '{}' that can be probed is at +{}",
                                  place.function, place.offset);
  } else if (error == EINVAL) {
    failure.message =
        fmt::format("The kernel does not let '{}' be probed: it is inlined, or probing would harm",
                    place.function);
  }
  return failure;
}

}  // namespace

// The program knows its function already.
Status attach_trampoline(const Target& target, const AttachContext& context,
                         std::vector<Link>& links) {
  UniqueFd link(bpf_raw_tracepoint_open(nullptr, context.program));
  if (!link) return function_failure(errno, target);
  links.emplace_back(std::move(link));
  return base::Done{};
}

namespace {

// A symbol and an offset in it; or, without a symbol, an address.
Status attach_kprobe_at(const char* symbol, uint64_t offset, const Target& target,
                        const AttachContext& context, std::vector<Link>& links) {
  auto attr = kprobe_attr(is_return(target.provider));
  if (!attr) return attr.error();
  attr->config1 = reinterpret_cast<uint64_t>(symbol);
  attr->config2 = offset;
  UniqueFd event = open_perf_event(*attr, -1, 0);
  if (!event) return kprobe_error(errno, target);
  return link_event(std::move(event), context, links);
}

// Static functions of several files may have one name, for which the kernel then takes none.
// The probe means all of them; some may not be traceable.
Status attach_kprobe_everywhere(const Target& target, const AttachContext& context,
                                std::vector<Link>& links, Status refusal) {
  const auto& place = std::get<ast::KprobeTarget>(target.place);
  bool any = false;
  for (uint64_t address : kernel_text().addresses(place.function)) {
    any |= attach_kprobe_at(nullptr, address + place.offset, target, context, links).ok();
  }
  return any ? Status(base::Done{}) : refusal;
}

}  // namespace

Status attach_kprobe(const Target& target, const AttachContext& context, std::vector<Link>& links) {
  const auto& place = std::get<ast::KprobeTarget>(target.place);
  if (place.function.empty()) {
    return attach_kprobe_at(nullptr, place.address, target, context, links);
  }
  Status status =
      attach_kprobe_at(kernel_symbol(place).c_str(), place.offset, target, context, links);
  if (status.ok() || status.error().errnum != EADDRNOTAVAIL) return status;
  return attach_kprobe_everywhere(target, context, links, std::move(status));
}

namespace {

UniqueFd link_all(const kernel::FunctionList& functions, const Target& first,
                  const AttachContext& context) {
  const bool at_return = is_return(first.provider);
  const bpf_attach_type kind = multi_link_kind(first.provider, context.mechanism);
  return kernel::link_functions(context.program, kind, functions, at_return);
}

UniqueFd link_by_names(std::span<const Target* const> targets, const AttachContext& context) {
  std::vector<const char*> names;
  for (const Target* target : targets) {
    names.push_back(std::get<ast::KprobeTarget>(target->place).function.c_str());
  }
  const auto count = static_cast<uint32_t>(names.size());
  return link_all({names.data(), nullptr, count}, *targets.front(), context);
}

// All functions of these names, where the kernel does not take names that several have.
UniqueFd link_by_addresses(std::span<const Target* const> targets, const AttachContext& context) {
  std::vector<unsigned long> addresses;
  for (const Target* target : targets) {
    const auto& place = std::get<ast::KprobeTarget>(target->place);
    for (uint64_t address : kernel_text().addresses(place.function)) addresses.push_back(address);
  }
  const auto count = static_cast<uint32_t>(addresses.size());
  return link_all({nullptr, addresses.data(), count}, *targets.front(), context);
}

Status attach_kernel_functions(std::span<const Target* const> targets, const AttachContext& context,
                               std::vector<Link>& links) {
  UniqueFd link = link_by_names(targets, context);
  const int error = errno;
  if (!link) link = link_by_addresses(targets, context);
  if (!link) return kprobe_error(error == ESRCH ? ENOENT : error, *targets.front());
  links.emplace_back(std::move(link));
  return base::Done{};
}

}  // namespace

bpf_attach_type multi_link_kind(ProviderId provider, ast::Mechanism mechanism) {
  if (mechanism == ast::Mechanism::Session) return kernel::kTraceKprobeSession;
  return ast::is_kprobe(provider) ? kernel::kTraceKprobeMulti : kernel::kTraceUprobeMulti;
}

Status attach_multi(std::span<const Target* const> targets, const AttachContext& context,
                    std::vector<Link>& links) {
  return ast::is_kprobe(targets.front()->provider)
             ? attach_kernel_functions(targets, context, links)
             : attach_user_multi(targets, context, links);
}

base::Error trampolines_refused(int error) {
  const bool kprobes = kernel::probe_feature(kernel::Feature::Kprobes);
  const char* advice = kprobes ? "Use kprobe and kretprobe instead."
                               : "It has no kprobes either; a tracepoint may be near: gimlet -l "
                                 "'tracepoint:*'";
  base::Error refusal =
      base::system_error(error, "This kernel does not allow fentry and fexit programs", advice);
  refusal.exit_status = 255;
  return refusal;
}

}  // namespace gimlet::runtime
