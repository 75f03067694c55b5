// Which mechanism brings a probe into the kernel (design: the cheapest with the same meaning).
// Where another one than the provider's own has that meaning for this body, it is noted as the
// probe's substitute; it is put in place when all probes are known, because probes of one event
// fire in the order of the source only if they all come in by the same way.

#include <algorithm>
#include <cctype>

#include "ast/arch.h"
#include "ast/sema/expand.h"
#include "ast/walk.h"

namespace gimlet::ast::sema {
namespace {

using kernel::Feature;
using kernel::KernelPrototype;

bool mentions_any(const Probe& probe, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](const char* name) { return mentions(probe, name); });
}

bool is_argument(std::string_view name) {
  return name.size() == 4 && name.starts_with("arg") && std::isdigit(name[3]);
}

// The highest N of the argN that the body uses; nothing if it uses none.
std::optional<uint32_t> last_argument(const Probe& probe) {
  std::optional<uint32_t> last;
  for_each_expression(probe, [&](const Expr& expr) {
    auto* identifier = std::get_if<Identifier>(&expr.node);
    if (!identifier || !is_argument(identifier->name)) return;
    uint32_t index = identifier->name[3] - '0';
    last = std::max(last.value_or(0), index);
  });
  return last;
}

bool fits_trampoline(const KernelPrototype& prototype) {
  return !prototype.is_variadic && prototype.parameters.size() <= kArgumentRegisters &&
         (!prototype.result || prototype.result->type.known());
}

// Whether argN is the N-th word of the trampoline for all that the body uses. Integers and pointers
// take a register each; values that do not may lie elsewhere.
bool same_arguments(const Probe& probe, const KernelPrototype& prototype) {
  std::optional<uint32_t> last = last_argument(probe);
  if (!last) return true;
  if (*last >= prototype.parameters.size()) return false;
  return std::all_of(
      prototype.parameters.begin(), prototype.parameters.end(),
      [](const KernelPrototype::Value& parameter) { return parameter.type.known(); });
}

// The event itself, whatever the provider: "function:vmlinux:vfs_read", "event:sched_switch".
std::string event_of(const Place& place) {
  if (auto* kprobe = std::get_if<KprobeTarget>(&place)) return "function:" + kprobe->function;
  if (auto* function = std::get_if<FunctionTarget>(&place)) return "function:" + function->function;
  if (auto* event = std::get_if<TracepointTarget>(&place)) return "event:" + event->event;
  if (auto* raw = std::get_if<RawTracepointTarget>(&place)) return "event:" + raw->event;
  return {};
}

// Probes that cannot be brought in by the substitute's mechanism, or are so already.
std::map<std::string, size_t> count_by_event(const ProgramFacts& facts) {
  std::map<std::string, size_t> native;
  for (size_t i = 0; i < facts.result.probes.size(); i++) {
    const TypedProbe& probe = facts.result.probes[i];
    if (facts.substitutes.contains(i)) continue;
    if (is_trampoline(probe.provider) || probe.provider == ProviderId::RawTracepoint) continue;
    for (const Target& target : probe.targets) {
      if (std::string event = event_of(target.place); !event.empty()) native[event]++;
    }
  }
  return native;
}

}  // namespace

void note_substitute(ProgramFacts& facts, std::span<const Match> matches) {
  Substitute all;
  for (const Match& match : matches) {
    if (!match.substitute) return;
    all.mechanism = match.substitute->mechanism;
    all.uses_btf_context = match.substitute->uses_btf_context;
    all.places.push_back(match.substitute->places[0]);
  }
  // A trampoline holds one function.
  if (all.mechanism == Mechanism::Trampoline && all.places.size() > 1) return;
  facts.substitutes[facts.result.probes.size()] = std::move(all);
}

std::optional<Substitute> trampoline_for(ExpandContext& context, const KprobeTarget& place) {
  kernel::Kernel& kernel = context.facts.kernel;
  if (!kernel.supports(Feature::Trampolines) || !kernel.has_btf()) return std::nullopt;
  if (place.function.empty() || place.offset != 0) return std::nullopt;
  // The registers of the function's caller, and the stack below them, are not those of a
  // trampoline.
  if (mentions_any(context.probe, {"ctx", "reg", "kstack", "usermode", "override"})) {
    return std::nullopt;
  }
  auto found = kernel.kernel_functions(place.module, place.function);
  if (found.size() != 1) return std::nullopt;
  KernelPrototype prototype = kernel.kernel_prototype(found[0]);
  if (!fits_trampoline(prototype) || !same_arguments(context.probe, prototype)) return std::nullopt;
  if (mentions(context.probe, "retval") && !prototype.result) return std::nullopt;
  return Substitute{Mechanism::Trampoline,
                    {FunctionTarget{found[0].module, found[0].name, found[0].btf_id}},
                    true};
}

std::optional<Substitute> raw_tracepoint_for(ExpandContext& context, const std::string& category,
                                             const std::string& event) {
  // Events of system calls are made up by the tracer; and a raw program's stack begins elsewhere.
  if (category == "syscalls" || mentions_any(context.probe, {"args", "kstack"})) {
    return std::nullopt;
  }
  if (!context.facts.kernel.supports(Feature::RawTracepoints)) return std::nullopt;
  return Substitute{Mechanism::RawTracepoint, {RawTracepointTarget{"vmlinux", event, 0}}, false};
}

void settle_mechanisms(ProgramFacts& facts) {
  std::map<std::string, size_t> native = count_by_event(facts);
  for (auto& [number, substitute] : facts.substitutes) {
    TypedProbe& probe = facts.result.probes[number];
    bool mixed = std::any_of(probe.targets.begin(), probe.targets.end(), [&](const Target& target) {
      return native.contains(event_of(target.place));
    });
    if (mixed) continue;
    probe.mechanism = substitute.mechanism;
    for (size_t i = 0; i < probe.targets.size(); i++) {
      probe.targets[i].place = std::move(substitute.places[i]);
    }
    probe.uses_btf_context = substitute.uses_btf_context;
  }
}

}  // namespace gimlet::ast::sema
