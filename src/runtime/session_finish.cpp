// The end of a session: everything is let go of, and what is left is told.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

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

// Probes that were wanted but could not be attached will not fire. The end of a process that is
// waited for does end the run, however few probes there are.
RunResult Session::finish() {
  State& s = *state_;
  RunResult result;
  if (s.finished) return result;
  s.finished = true;
  s.signals.take();
  std::vector<Link> links;
  for (auto& image : s.images) {
    for (Link& link : image->links) {
      result.skipped += link.missed();
      links.push_back(std::move(link));
    }
    image->links.clear();
  }
  detach_all(links, s.options.progress);
  s.drain_everything(true);
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
    result.skipped += image->skipped(s.cpus) + image->object.recursion_misses();
    for (const Loss& loss : losses_by_place(*image, s.cpus)) {
      if (loss.count > 0) result.losses.push_back(loss);
    }
  }
  if (!s.output->status().ok()) result.output_failure = s.output->status().error();
  return result;
}

}  // namespace gimlet::runtime
