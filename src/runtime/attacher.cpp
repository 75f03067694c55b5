#include "runtime/attacher.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>

#include "ast/unattached.h"
#include "runtime/attach.h"
#include "runtime/file_limit.h"

namespace gimlet::runtime {
namespace {

using ast::ProviderId;
using ast::Target;
using base::Status;

uint64_t targets_of(const image::Image& image) {
  uint64_t sum = 0;
  for (const image::ProgramPlan& plan : image.programs) sum += plan.targets.size();
  return sum;
}

class Attacher {
 public:
  Attacher(LoadedImage& image, const SessionOptions& options, const SignalQueue& signals,
           const Log& log, UserEventAhead& ahead)
      : image_(image),
        options_(options),
        signals_(signals),
        log_(log),
        ahead_(ahead),
        working_(options.progress, "Attaching probes", targets_of(image.image)) {}

  base::Result<uint32_t> run() {
    size_t count = image_.image.programs.size();
    for (size_t i = 0; i < count; i++) {
      Status status = settle_refusal(i);
      if (!status.ok()) return status.error();
    }
    for (size_t i = 0; i < count; i++) {
      if (!is_attached(i) || backward(i)) continue;
      Status status = attach_program(i);
      if (!status.ok()) return status.error();
    }
    for (size_t i = count; i-- > 0;) {
      if (!is_attached(i) || !backward(i)) continue;
      Status status = attach_program(i);
      if (!status.ok()) return status.error();
    }
    return attached_;
  }

 private:
  ProviderId provider(size_t program) const { return image_.image.programs[program].provider; }
  bool is_attached(size_t program) const {
    return image_.object.program(program) >= 0 && !ast::is_run_by_session(provider(program)) &&
           !ast::is_run_on_request(provider(program));
  }
  ast::Mechanism mechanism(size_t program) const {
    return image_.image.programs[program].mechanism;
  }
  bool backward(size_t program) const {
    return attaches_backward(provider(program), mechanism(program));
  }
  AttachContext context(size_t program) const {
    return {mechanism(program), image_.object.program(program),
            image_.image.programs[program].btf_context, options_.target_pid, &ahead_};
  }

  Status attach_one_by_one(size_t program, bool backward) {
    const std::vector<Target>& targets = image_.image.programs[program].targets;
    bool substitute = ast::is_substitute(mechanism(program));
    for (size_t i = 0; i < targets.size(); i++) {
      const Target& target = targets[backward ? targets.size() - 1 - i : i];
      if (signals_.any()) return interrupted();
      say(fmt::format("Trying to attach probe: {}\n", target.name));
      if (substitute) {
        say(fmt::format("{} comes in as a {}\n", target.name,
                        ast::mechanism_name(mechanism(program))));
      }
      Status status = attach_target(target, context(program), image_.links);
      // The provider's own mechanism decides what it means if this one is refused.
      if (substitute && !status.ok()) return status;
      status = settle(target, std::move(status));
      if (!status.ok()) return status;
    }
    return base::Done{};
  }

  Status attach_program(size_t program) {
    // A marker's locations share a link of their own.
    bool multi = ast::is_one_link(mechanism(program)) && provider(program) != ProviderId::Usdt;
    return multi ? attach_many(program) : attach_one_by_one(program, backward(program));
  }

  // One link for all functions of the kernel, or for those of each user file.
  Status attach_many(size_t program) {
    std::map<std::string, std::vector<const Target*>> groups;
    for (const Target& target : image_.image.programs[program].targets) {
      const auto* user = std::get_if<ast::UserTarget>(&target.place);
      groups[user ? user->path : ""].push_back(&target);
    }
    for (const auto& [path, targets] : groups) {
      say(fmt::format("Attaching to {} function{} by one {}\n", targets.size(),
                      targets.size() == 1 ? "" : "s", ast::mechanism_name(mechanism(program))));
      for (const Target* target : targets) say(fmt::format("{}\n", target->name));
      Status status = attach_group(targets, context(program));
      if (!status.ok()) return status;
    }
    return base::Done{};
  }

  // One function that cannot be probed spoils the link for all: halving finds it.
  Status attach_group(std::span<const Target* const> targets, const AttachContext& context) {
    if (signals_.any()) return interrupted();
    Status status = attach_multi(targets, context, image_.links);
    if (status.ok()) {
      count(targets.size());
      return status;
    }
    if (targets.size() == 1) return settle(*targets[0], std::move(status));
    const size_t half = targets.size() / 2;
    Status first = attach_group(targets.first(half), context);
    return first.ok() ? attach_group(targets.subspan(half), context) : first;
  }

  // Programs that were not even loaded.
  Status settle_refusal(size_t program) {
    const base::Error* refusal = image_.object.refusal(program);
    if (!refusal) return base::Done{};
    for (const Target& target : image_.image.programs[program].targets) {
      Status status = settle(target, *refusal);
      if (!status.ok()) return status;
    }
    return base::Done{};
  }

  // Failures that say nothing about the probe.
  bool is_of_run(const base::Error& failure) const {
    const bool target_ended = failure.errnum == ESRCH && options_.target_pid != 0;
    return target_ended || is_file_limit(failure.errnum);
  }
  base::Error reason_of(const base::Error& failure) const {
    if (!is_of_run(failure)) return failure;
    if (is_file_limit(failure.errnum)) return too_few_files(image_.image);
    return {fmt::format("The traced process {} has ended", options_.target_pid), {}, ESRCH, 255};
  }

  // Counts a success; a failure is an error, a warning or nothing, as the configuration says.
  Status settle(const Target& target, Status status) {
    if (status.ok()) {
      count(1);
      return status;
    }
    if (options_.missing == MissingProbes::Ignore) return base::Done{};
    base::Error reason = reason_of(status.error());
    if (options_.missing == MissingProbes::Warn) {
      warn(target, reason);
      return base::Done{};
    }
    if (is_of_run(reason)) return reason;
    log_(fmt::format("ERROR: {}\n", reason.message));
    return base::Error{ast::unable_to_attach(target.name), reason.hint, reason.errnum, 255};
  }

  // Says the reason once for all probes that it holds for.
  void warn(const Target& target, const base::Error& reason) {
    if (!options_.warnings) return;
    const bool is_new = said_.insert(reason.message).second;
    std::string text = is_new ? fmt::format("WARNING: {}\n", reason.message) : "";
    text += fmt::format("WARNING: {}\n", ast::skipping_probe(target.name));
    if (is_new && !reason.hint.empty()) text += fmt::format("HINT: {}\n", reason.hint);
    log_(text);
  }

  void count(size_t targets) {
    attached_ += static_cast<uint32_t>(targets);
    working_.reach(attached_);
  }
  void say(const std::string& text) const {
    if (options_.verbose) log_(text);
  }
  static Status interrupted() { return base::Error{{}, {}, EINTR, 255}; }

  LoadedImage& image_;
  const SessionOptions& options_;
  const SignalQueue& signals_;
  const Log& log_;
  UserEventAhead& ahead_;
  Working working_;
  uint32_t attached_ = 0;
  std::set<std::string> said_;  // reasons
};

}  // namespace

base::Result<uint32_t> attach_programs(LoadedImage& image, const SessionOptions& options,
                                       const SignalQueue& signals, const Log& log,
                                       UserEventAhead& ahead) {
  return Attacher(image, options, signals, log, ahead).run();
}

}  // namespace gimlet::runtime
