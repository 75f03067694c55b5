// The table of providers: one row each. Attach-point parsing, semantic checks, listing, help and
// the generated reference all read this table; what is done with a row's targets is one function in
// ast/sema/expand (text -> targets) and one in runtime/attach (target -> link).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "ast/type.h"

namespace gimlet::ast {

enum class ProviderId : uint8_t {
  Begin,
  End,
  Tracepoint,
  RawTracepoint,
  Fentry,
  Fexit,
  Kprobe,
  Kretprobe,
  Profile,
  Interval,
  Software,
  Hardware,
  Uprobe,
  Uretprobe,
  Watchpoint,
  Self,
  Iter,
  Usdt,
  Test,
  Bench,
};

// What a probe of a provider offers to its body (probes-and-stdlib B1.9).
enum Offer : uint32_t {
  kOffersArgs = 1 << 0,
  kOffersArgN = 1 << 1,
  kOffersRetval = 1 << 2,
  kOffersCtx = 1 << 3,
  kOffersFunc = 1 << 4,
  kOffersReg = 1 << 5,
  kOffersUaddr = 1 << 6,
  kOffersSignal = 1 << 8,     // signal(), signal_thread()
  kOffersOverride = 1 << 9,   // override()
  kOffersPath = 1 << 10,      // path()
  kOffersSocket = 1 << 11,    // socket_cookie(), skboutput()
  kOffersTaskName = 1 << 12,  // comm(PID)
};

// How programs of a provider can overlap on one CPU. It decides whether a plain load-add-store
// keeps per-CPU counts exact (see docs/architecture.md, "Exact counts").
enum class Overlap : uint8_t {
  // Runs under the kernel's per-CPU bpf_prog_active guard: never overlaps another such program.
  Guarded,
  // Protected against itself only: may interrupt, or be interrupted by, other programs.
  Self,
  // May be preempted by another task that runs the same program on the same CPU.
  Preemptible,
};

struct Provider {
  ProviderId id;
  const char* name;       // full lower-case name
  const char* alias;      // space-separated short names, matched exactly; may be empty
  const char* probetype;  // value of the `probetype` builtin
  uint32_t offers;        // set of Offer
  AddressSpace space;     // of argN, retval and casts of plain integers
  Overlap overlap;
  bool wildcard_listed;  // taken by a wildcard provider in -l
  const char* form;      // attach point syntax, for help and errors
  const char* summary;   // one sentence
};

std::span<const Provider> providers();
const Provider& provider(ProviderId id);
// Full names match in any case, aliases exactly. Null if there is none.
const Provider* find_provider(std::string_view text);
// fentry, fexit
bool is_trampoline(ProviderId id);
// kprobe, kretprobe
bool is_kprobe(ProviderId id);
// begin, end, self: nothing is attached, the session itself runs the program when it is time.
bool is_run_by_session(ProviderId id);
// test, bench: run only when asked for by --test and --bench.
bool is_run_on_request(ProviderId id);

}  // namespace gimlet::ast
