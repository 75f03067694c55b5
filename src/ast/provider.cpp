#include "ast/provider.h"

#include <strings.h>

#include <string>

namespace gimlet::ast {
namespace {

constexpr uint32_t kKernelEntry =
    kOffersArgN | kOffersCtx | kOffersFunc | kOffersReg | kOffersSignal;
constexpr uint32_t kKernelReturn =
    kOffersRetval | kOffersCtx | kOffersFunc | kOffersReg | kOffersSignal;
constexpr uint32_t kUserEntry = kKernelEntry | kOffersUaddr;
constexpr uint32_t kUserReturn = kKernelReturn | kOffersUaddr;
constexpr uint32_t kMarker = kOffersArgN | kOffersCtx | kOffersReg | kOffersUaddr | kOffersSignal;
constexpr uint32_t kTrampoline =
    kOffersArgs | kOffersFunc | kOffersSignal | kOffersPath | kOffersSocket | kOffersTaskName;
constexpr uint32_t kSampled = kOffersCtx | kOffersReg | kOffersTaskName;

// In the order of ProviderId.
constexpr Provider kProviders[] = {
    {ProviderId::Begin, "begin", "", "special", 0, AddressSpace::None, Overlap::Self, false,
     "begin", "Runs once before anything is attached."},
    {ProviderId::End, "end", "", "special", 0, AddressSpace::None, Overlap::Self, false, "end",
     "Runs once after all other probes have stopped."},
    {ProviderId::Tracepoint, "tracepoint", "t", "tracepoint",
     kOffersArgs | kOffersSignal | kOffersTaskName, AddressSpace::Kernel, Overlap::Guarded, true,
     "tracepoint:CATEGORY:EVENT", "A static kernel event; its fields are members of args."},
    {ProviderId::RawTracepoint, "rawtracepoint", "rt", "rawtracepoint",
     kOffersArgs | kOffersArgN | kOffersSignal | kOffersSocket | kOffersTaskName,
     AddressSpace::Kernel, Overlap::Self, true, "rawtracepoint:[MODULE:]EVENT",
     "A static kernel event with the unformatted, typed arguments of its trace call."},
    // The trampoline keeps a program from running twice at a time on a CPU: it skips and counts
    // the second run. But it leaves preemption on, so two programs, also those of an entry and its
    // return, can interrupt each other.
    {ProviderId::Fentry, "fentry", "f kfunc", "fentry", kTrampoline, AddressSpace::Kernel,
     Overlap::Self, true, "fentry:[MODULE:]FUNCTION",
     "Entry of a kernel function, with its typed parameters."},
    {ProviderId::Fexit, "fexit", "fr kretfunc", "fexit", kTrampoline | kOffersRetval,
     AddressSpace::Kernel, Overlap::Self, false, "fexit:[MODULE:]FUNCTION",
     "Return from a kernel function, with its typed parameters and result."},
    {ProviderId::Kprobe, "kprobe", "k", "kprobe", kKernelEntry | kOffersOverride,
     AddressSpace::Kernel, Overlap::Guarded, true, "kprobe:[MODULE:]FUNCTION[+OFFSET]",
     "Entry of, or an instruction in, a kernel function."},
    {ProviderId::Kretprobe, "kretprobe", "kr", "kretprobe", kKernelReturn, AddressSpace::Kernel,
     Overlap::Guarded, false, "kretprobe:[MODULE:]FUNCTION", "Return from a kernel function."},
    {ProviderId::Profile, "profile", "p", "profile", kSampled | kOffersSignal, AddressSpace::None,
     Overlap::Guarded, false, "profile:UNIT:N or profile:DURATION", "Samples every CPU at a rate."},
    {ProviderId::Interval, "interval", "i", "interval", kSampled, AddressSpace::None,
     Overlap::Guarded, false, "interval:UNIT:N or interval:DURATION",
     "Fires periodically on one CPU."},
    {ProviderId::Software, "software", "s", "software", kSampled, AddressSpace::None,
     Overlap::Guarded, true, "software:EVENT[:COUNT]",
     "A kernel software counter, sampled once per COUNT events on each CPU."},
    {ProviderId::Hardware, "hardware", "h", "hardware", kSampled, AddressSpace::None,
     Overlap::Guarded, true, "hardware:EVENT[:COUNT]",
     "A counter of the processor, sampled once per COUNT events on each CPU."},
    {ProviderId::Uprobe, "uprobe", "u", "uprobe", kUserEntry | kOffersArgs, AddressSpace::User,
     Overlap::Preemptible, false, "uprobe:FILE:FUNCTION[+OFFSET]",
     "Entry of, or an instruction in, a function of a program or library."},
    {ProviderId::Uretprobe, "uretprobe", "ur", "uretprobe", kUserReturn, AddressSpace::User,
     Overlap::Preemptible, false, "uretprobe:FILE:FUNCTION",
     "Return from a function of a program or library."},
    {ProviderId::Watchpoint, "watchpoint", "w", "watchpoint", kSampled, AddressSpace::None,
     Overlap::Guarded, false, "watchpoint:ADDRESS:LENGTH:MODE",
     "Accesses of a few bytes at an address, noticed by the processor; MODE is w, rw, r or x."},
    {ProviderId::Self, "self", "", "special", 0, AddressSpace::None, Overlap::Self, false,
     "self:signal:SIGUSR1", "Runs each time gimlet itself receives the signal."},
    // A pinned one runs for whoever reads it, and readers may be preempted.
    {ProviderId::Iter, "iter", "it", "iter",
     kOffersCtx | kOffersPath | kOffersSocket | kOffersTaskName, AddressSpace::Kernel,
     Overlap::Preemptible, true, "iter:NAME[:PIN]",
     "Runs once for each object of a kind that the kernel keeps; ctx leads to the object."},
    {ProviderId::Usdt, "usdt", "U", "usdt", kMarker, AddressSpace::User, Overlap::Preemptible,
     false, "usdt:FILE:[PROVIDER:]NAME",
     "A marker that the author of a program or library has set."},
    {ProviderId::Test, "test", "", "test", 0, AddressSpace::None, Overlap::Self, false, "test:NAME",
     "Run by --test; passes if it returns 0 and reports no error."},
    {ProviderId::Bench, "bench", "", "benchmark", 0, AddressSpace::None, Overlap::Self, false,
     "bench:NAME", "Run many times by --bench, which says how long a run takes."},
};
static_assert(std::size(kProviders) == static_cast<size_t>(ProviderId::Bench) + 1);

bool has_alias(const char* aliases, std::string_view text) {
  std::string_view rest = aliases;
  while (!rest.empty()) {
    size_t blank = rest.find(' ');
    std::string alias(rest.substr(0, blank));
    // Short ones tell u from U; the older long names are as free in this as today's.
    if (alias == text) return true;
    if (alias.size() > 2 && strcasecmp(alias.c_str(), std::string(text).c_str()) == 0) return true;
    if (blank == std::string_view::npos) return false;
    rest.remove_prefix(blank + 1);
  }
  return false;
}

}  // namespace

std::span<const Provider> providers() { return kProviders; }

const Provider& provider(ProviderId id) { return kProviders[static_cast<size_t>(id)]; }

const Provider* find_provider(std::string_view text) {
  std::string copy(text);
  for (const Provider& p : kProviders) {
    if (strcasecmp(p.name, copy.c_str()) == 0 || has_alias(p.alias, text)) return &p;
  }
  return nullptr;
}

bool is_trampoline(ProviderId id) { return id == ProviderId::Fentry || id == ProviderId::Fexit; }

bool is_kprobe(ProviderId id) { return id == ProviderId::Kprobe || id == ProviderId::Kretprobe; }

bool is_run_by_session(ProviderId id) {
  return id == ProviderId::Begin || id == ProviderId::End || id == ProviderId::Self;
}

bool is_run_on_request(ProviderId id) { return id == ProviderId::Test || id == ProviderId::Bench; }

}  // namespace gimlet::ast
