#include "runtime/rejection.h"

#include <fmt/format.h>
#include <linux/bpf.h>

#include <cerrno>
#include <cstring>

#include "ast/unattached.h"
#include "kernel/lockdown.h"
#include "runtime/attach.h"
#include "runtime/verifier_log.h"

namespace gimlet::runtime {

base::Error load_failure(int error, std::string message, std::string hint) {
  base::Error failure = base::system_error(error, std::move(message), std::move(hint));
  failure.exit_status = 255;
  return failure;
}

bool is_trampoline(const image::ProgramPlan& plan) {
  return plan.mechanism == ast::Mechanism::Trampoline ||
         (plan.mechanism == ast::Mechanism::Native && ast::is_trampoline(plan.provider));
}

bool refuses_trampolines(int error, const image::ProgramPlan& plan, std::string_view log) {
  return is_trampoline(plan) && error == EPERM && log.empty();
}

namespace {

// Of a log that is longer than the user wants, the end says what is wrong.
std::string shown_log(std::string_view log, size_t most) {
  if (log.size() > most) log.remove_prefix(log.size() - most);
  return fmt::format("Kernel error log: \n{}\n", log);
}

}  // namespace

base::Error rejection(int error, const image::Image& image, const image::ProgramPlan* plan,
                      const LoadOptions& options, std::string_view log) {
  if (!plan) {
    return load_failure(error, "Unknown BPF object load failure",
                        error == EPERM ? "BPF needs CAP_BPF and CAP_PERFMON: run as root."
                                       : "Try using the \"-d libbpf\" option to see the full "
                                         "loading log.");
  }
  if (refuses_trampolines(error, *plan, log)) {
    base::Error refusal = trampolines_refused(error);
    refusal.message += "\nERROR: " + ast::unable_to_attach(plan->targets.front().name);
    return refusal;
  }
  std::string message = fmt::format(
      "Error loading BPF program for {}. Error code: -{} ({}). Use -v for full kernel error log.",
      plan->name, error, strerror(error));
  base::Error failure{{}, {}, error, 255};
  // Without room for another file, the verifier has nothing to complain of.
  if (log.empty() || error == EMFILE || error == ENFILE) {
    if (error == EPERM) failure.hint = "BPF needs CAP_BPF and CAP_PERFMON: run as root.";
    failure.message = message;
    return failure;
  }
  VerifierComplaint complaint = read_verifier_log(log);
  base::SourceRange place = locate(complaint, options.sources, plan->range);
  std::string reason = "the kernel's verifier says: " + complaint.sentence;
  if (auto helper = refused_helper(log)) {
    for (const image::HelperCall& call : plan->helpers) {
      if (call.helper == helper->number) place = call.range;
    }
    reason = fmt::format("helper {} not allowed in probe", helper->name);
    if (helper->number == BPF_FUNC_probe_write_user) failure.hint = kernel::lockdown_hint();
    if (helper->number == BPF_FUNC_override_return) {
      failure.hint = "override() needs a kernel that was built with CONFIG_BPF_KPROBE_OVERRIDE.";
    }
  }
  message += "\n" + base::show_message(options.sources, base::Severity::Error, place, reason, {});
  const size_t most = image.config.log_size;
  if (options.verbose) message += shown_log(log, most);
  if (error == ENOSPC || (options.verbose && log.size() > most)) {
    message += fmt::format(
        "WARNING: Kernel log seems to be trimmed. Increase it with the BPFTRACE_LOG_SIZE "
        "environment variable, current value of {} bytes.\n",
        most);
  }
  while (message.ends_with('\n')) message.pop_back();
  failure.message = std::move(message);
  return failure;
}

}  // namespace gimlet::runtime
