#include "ast/mechanism.h"

namespace gimlet::ast {

bool is_substitute(Mechanism mechanism) {
  return mechanism == Mechanism::Trampoline || mechanism == Mechanism::Kprobe ||
         mechanism == Mechanism::RawTracepoint;
}

bool is_one_link(Mechanism mechanism) {
  return mechanism == Mechanism::Multi || mechanism == Mechanism::Session;
}

Overlap overlap_of(ProviderId provider_id, Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::Trampoline: return provider(ProviderId::Fentry).overlap;
    case Mechanism::RawTracepoint: return provider(ProviderId::RawTracepoint).overlap;
    case Mechanism::Kprobe: return provider(ProviderId::Kprobe).overlap;
    default: return provider(provider_id).overlap;
  }
}

const char* mechanism_name(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::Native: return "native";
    case Mechanism::Multi: return "multi link";
    case Mechanism::Session: return "session link";
    case Mechanism::Trampoline: return "trampoline";
    case Mechanism::Kprobe: return "kprobe";
    case Mechanism::RawTracepoint: return "raw tracepoint";
  }
  return "?";
}

const char* way_in(ProviderId provider_id, Mechanism mechanism) {
  if (mechanism != Mechanism::Native) return mechanism_name(mechanism);
  switch (provider_id) {
    case ProviderId::Kprobe:
    case ProviderId::Kretprobe: return "kprobe";
    case ProviderId::Fentry:
    case ProviderId::Fexit: return "trampoline";
    case ProviderId::Uprobe:
    case ProviderId::Uretprobe:
    case ProviderId::Usdt: return "uprobe";
    case ProviderId::RawTracepoint: return "raw tracepoint";
    case ProviderId::Watchpoint: return "hardware breakpoint";
    case ProviderId::Iter: return "walk of the kernel";
    case ProviderId::Tracepoint:
    case ProviderId::Software:
    case ProviderId::Hardware:
    case ProviderId::Profile:
    case ProviderId::Interval: return "perf event";
    default: return "run by gimlet itself";
  }
}

}  // namespace gimlet::ast
