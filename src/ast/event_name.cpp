#include "ast/event_name.h"

namespace gimlet::ast {

std::string_view call_name(EventKind kind) {
  switch (kind) {
    case EventKind::Printf: return "printf";
    case EventKind::ErrorMessage: return "errorf";
    case EventKind::WarningMessage: return "warnf";
    case EventKind::PrintValue:
    case EventKind::PrintMap:
    case EventKind::PrintMapKey: return "print";
    case EventKind::Clear: return "clear";
    case EventKind::Zero: return "zero";
    case EventKind::Time: return "time";
    case EventKind::Exit: return "exit";
    case EventKind::Cat: return "cat";
    case EventKind::System: return "system";
    case EventKind::SkbOutput: return "skboutput";
    case EventKind::CgroupPath: return "cgroup_path";
    case EventKind::Join: return "join";
    case EventKind::RuntimeError:
    case EventKind::HelperError: return {};
  }
  return {};
}

}  // namespace gimlet::ast
