#include "ast/sema/dispensable.h"

#include <algorithm>
#include <cerrno>

namespace gimlet::ast::sema {
namespace {

constexpr int kNotSupportedByKernel = 524;  // ENOTSUPP, which has no name outside the kernel

}  // namespace

std::optional<kernel::Feature> dispensable(const TypedProgram& program, const base::Error& refusal,
                                           kernel::Kernel& kernel) {
  using kernel::Feature;
  auto uses = [&](auto holds) {
    return std::any_of(program.probes.begin(), program.probes.end(), holds);
  };
  auto by = [](Mechanism mechanism) {
    return [mechanism](const TypedProbe& probe) { return probe.mechanism == mechanism; };
  };
  if (refusal.errnum == EINTR) return std::nullopt;
  // No other way needs fewer open files.
  if (refusal.errnum == EMFILE || refusal.errnum == ENFILE) return std::nullopt;
  if (uses(by(Mechanism::Trampoline))) return Feature::Trampolines;
  if (uses(by(Mechanism::RawTracepoint))) return Feature::RawTracepoints;
  if (uses(by(Mechanism::Session))) return Feature::KprobeSession;
  bool refused = refusal.errnum == EPERM || refusal.errnum == EACCES ||
                 refusal.errnum == EOPNOTSUPP || refusal.errnum == kNotSupportedByKernel;
  bool wanted = uses([](const TypedProbe& probe) {
    return is_trampoline(probe.provider) && probe.mechanism == Mechanism::Native &&
           !traces_bpf_function(probe);
  });
  if (wanted && refused && kernel.supports(Feature::Kprobes)) return Feature::Trampolines;
  return std::nullopt;
}

}  // namespace gimlet::ast::sema
