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

}  // namespace gimlet::ast
