// Programs of test and bench in a session: the kernel runs them for a packet that nobody sent, and
// takes the time.
#include <bpf/bpf.h>
#include <fmt/format.h>

#include <cerrno>

#include "runtime/session_state.h"

namespace gimlet::runtime {

using ast::EventKind;
using ast::ProviderId;

namespace {

constexpr uint32_t kSmallestPacket = 14;  // an Ethernet header

bool tells_of_failure(EventKind kind) {
  return kind == EventKind::ErrorMessage || kind == EventKind::RuntimeError ||
         kind == EventKind::HelperError || kind == EventKind::Exit;
}

}  // namespace

bool Session::State::is_wanted(const image::ProgramPlan& plan) const {
  switch (plan.provider) {
    case ProviderId::Begin:
    case ProviderId::End: return true;
    case ProviderId::Test: return options.mode == RunMode::Test;
    case ProviderId::Bench: return options.mode == RunMode::Bench;
    default: return options.mode == RunMode::Trace;
  }
}

uint64_t Session::State::lost_failures(const LoadedImage& image) const {
  uint64_t sum = 0;
  for (size_t i = 0; i < image.image.events.size(); i++) {
    if (tells_of_failure(image.image.events[i].kind)) sum += image.lost(i, cpus);
  }
  return sum;
}

void Session::show_pending() { state_->drain_everything(true); }

std::vector<NamedProgram> Session::named_programs() const {
  std::vector<NamedProgram> found;
  for (size_t i = 0; i < state_->images.size(); i++) {
    const std::vector<image::ProgramPlan>& programs = state_->images[i]->image.programs;
    for (size_t p = 0; p < programs.size(); p++) {
      const ast::Target& target = programs[p].targets.front();
      auto* named = std::get_if<ast::NamedTarget>(&target.place);
      if (!named || !state_->is_wanted(programs[p])) continue;
      found.push_back({static_cast<uint32_t>(i), p, named->name});
    }
  }
  return found;
}

base::Result<ProgramRun> Session::run_named(const NamedProgram& which, uint32_t times,
                                            Output& output) {
  State& s = *state_;
  LoadedImage& image = *s.images[which.image];
  show_pending();
  const int status = s.player.exit_status();  // of `begin`: a test's own counts for the test only
  s.player.take_failure();
  uint64_t lost_before = s.lost_failures(image);
  uint8_t packet[kSmallestPacket] = {};
  LIBBPF_OPTS(bpf_test_run_opts, run);
  run.data_in = packet;
  run.data_size_in = sizeof(packet);
  run.repeat = static_cast<int>(times);
  if (bpf_prog_test_run_opts(image.object.program(which.program), &run) != 0) {
    base::Error error = base::system_error(errno, fmt::format("Failed to run '{}'", which.name));
    error.exit_status = 255;
    return error;
  }
  Output* usual = std::exchange(s.output, &output);
  s.player.show_on(output);
  s.drain_everything(true);
  s.output = usual;
  s.player.show_on(*usual);
  ProgramRun result;
  result.returned = run.retval;
  result.nanoseconds = run.duration;
  result.failed = s.player.take_failure() || s.lost_failures(image) > lost_before;
  s.player.set_exit_status(status);
  return result;
}

bool Session::interrupted() const { return state_->signals.any(); }

}  // namespace gimlet::runtime
