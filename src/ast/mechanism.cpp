#include "ast/mechanism.h"

namespace gimlet::ast {

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
