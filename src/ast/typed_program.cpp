#include "ast/typed_program.h"

namespace gimlet::ast {

bool traces_bpf_function(const TypedProbe& probe) {
  if (probe.targets.empty()) return false;
  auto* function = std::get_if<FunctionTarget>(&probe.targets[0].place);
  return function && function->program != 0;
}

size_t program_count(const TypedProgram& program) {
  size_t count = 0;
  for (const TypedProbe& probe : program.probes) {
    if (probe.mechanism == Mechanism::Session) {
      count += probe.session_return ? 1 : 0;
    } else {
      count += probe.mechanism == Mechanism::Multi ? 1 : probe.targets.size();
    }
  }
  return count;
}

}  // namespace gimlet::ast
