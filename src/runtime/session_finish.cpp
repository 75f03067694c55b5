// The end of a session: everything is let go of, and what is left is told.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "runtime/grace_period.h"
#include "runtime/map_view.h"
#include "runtime/session_state.h"

namespace gimlet::runtime {

using ast::ProviderId;
using base::Result;
using base::Status;

void Session::State::print_maps() {
  for (const auto& [name, map] : maps) {
    for (const auto& image : images) {
      bool uses = std::find(image->maps.begin(), image->maps.end(), map.get()) != image->maps.end();
      if (!uses) continue;
      if (!image->image.config.print_maps_on_exit) break;
      Result<RawEntries> entries = map->read();
      if (!entries) {
        log(fmt::format("ERROR: {}\n", entries.error().message));
      } else if (entries->count > 0 || map->plan().is_keyed()) {
        output->map(make_view(map->plan(), std::move(*entries), image->context, {}));
      }
      break;
    }
  }
}

void Session::State::stop_programs() {
  if (control) std::atomic_ref(control_of(control)->stopped).store(1);
}

bool Session::State::asked_to_hurry() {
  const int asked = signals.count();
  if (asked > 0) stop_programs();
  return asked > asked_before_end;
}

// All programs stop at one moment. Letting go of their probes can take the kernel seconds: that
// waits until results are out, if there is another way to know that no program is still running.
void Session::State::stop_everything(RunResult& result) {
  stop_programs();
  bool attached = false;
  for (auto& image : images) {
    for (const Link& link : image->links) result.skipped += link.missed();
    attached = attached || !image->links.empty();
    if (!image->image.stops) detach_all(image->links, options.progress);
  }
  if (!attached || wait_for_running_programs()) return;
  for (auto& image : images) detach_all(image->links, options.progress);
}

// What was sent before the end. A command or a large map may take long for each record.
void Session::State::show_rest() {
  while (drain(true).records > 0) {
    report_losses();
    if (asked_to_hurry()) drop_queued();
  }
  report_losses();
}

// Probes that were wanted but could not be attached will not fire. The end of a process that is
// waited for does end the run, however few probes there are.
RunResult Session::finish() {
  State& s = *state_;
  RunResult result;
  if (s.finished) return result;
  s.finished = true;
  s.asked_before_end = std::min(s.signals.count(), 1);
  s.stop_everything(result);
  s.show_rest();
  s.player.clear_exited();
  for (auto& image : s.images) {
    Status ended = s.run_specials(*image, ProviderId::End);
    s.drain_everything(false);
    if (ended.ok()) continue;
    s.log(fmt::format("ERROR: {}\n", ended.error().message));
    result.exit_status = 255;
  }
  for (auto& image : s.images) {
    if (!image->packets || image->packets->flush()) continue;
    s.log(fmt::format("ERROR: Failed to write pcap file(s): {}\n", strerror(errno)));
    result.exit_status = 1;
  }
  s.output->end_of_events();
  if (s.output->status().ok() && s.options.mode == RunMode::Trace) s.print_maps();
  s.output->flush();

  if (s.failed) result.exit_status = 255;
  if (result.exit_status == 0) result.exit_status = s.player.exit_status();
  result.lost = s.lost_so_far();
  for (auto& image : s.images) {
    for (uint64_t dropped : image->dropped) result.dropped += dropped;
    result.skipped += image->skipped(s.cpus) + image->object.recursion_misses();
    for (const Loss& loss : losses_by_place(*image, s.cpus)) {
      if (loss.count > 0) result.losses.push_back(loss);
    }
  }
  if (!s.output->status().ok()) result.output_failure = s.output->status().error();
  s.signals.release();
  return result;
}

}  // namespace gimlet::runtime
