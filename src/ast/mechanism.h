// How a probe is brought into the kernel. A provider has a usual way of its own, described in
// probes-and-stdlib B1.10; where the kernel has a cheaper one with the same meaning, sema chooses
// that, and codegen and the runtime follow it. What a probe's body sees does not depend on it.
#pragma once

#include <cstdint>

#include "ast/provider.h"

namespace gimlet::ast {

enum class Mechanism : uint8_t {
  Native,   // the provider's own; several targets of one program get a link each
  Multi,    // kprobe, kretprobe, uprobe, uretprobe: one link for many functions
  Session,  // kprobe and kretprobe of the same functions: one link for both
  // kprobe, kretprobe: the trampoline of fentry and fexit, whose words are the arguments
  Trampoline,
  // fentry, fexit: a kprobe, whose registers are the arguments
  Kprobe,
  // tracepoint: without the event's fields, which the body does not use
  RawTracepoint,
};

// Whether another way than the provider's own was taken because it is cheaper or the only one.
// Where the kernel refuses it after all, the program is compiled again without.
bool is_substitute(Mechanism mechanism);

// Whether one link holds all that a program is attached to.
bool is_one_link(Mechanism mechanism);

// How programs brought in like this overlap on one CPU.
Overlap overlap_of(ProviderId provider, Mechanism mechanism);

// As it is shown: "native", "multi link", ...
const char* mechanism_name(Mechanism mechanism);

// What the kernel has in the end, also where it is the provider's own: "kprobe", "perf event", ...
const char* way_in(ProviderId provider, Mechanism mechanism);

}  // namespace gimlet::ast
