// What found no room on its way to the output: told while programs run, and by place.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/session_state.h"

namespace gimlet::runtime {

uint64_t Session::State::lost_so_far() const {
  uint64_t sum = lost_before;
  for (const auto& image : images) sum += image->lost_events(cpus);
  return sum;
}

std::vector<Loss> losses_by_place(const LoadedImage& image, uint32_t cpus) {
  std::vector<Loss> losses;
  size_t first_packet = SIZE_MAX;
  for (size_t i = 0; i < image.image.events.size(); i++) {
    const ast::EventPlan& event = image.image.events[i];
    if (event.kind == ast::EventKind::SkbOutput) first_packet = std::min(first_packet, i);
    losses.push_back({event.range, image.lost(i, cpus)});
  }
  // Calls of skboutput() share a buffer that does not tell whose packets were lost.
  if (image.packets) losses.at(first_packet).count += image.packets->lost();
  return losses;
}

void Session::State::report_losses() {
  uint64_t lost = lost_so_far();
  if (lost <= reported_lost) return;
  output->lost_events(lost - reported_lost);
  reported_lost = lost;
  if (!options.verbose) return;
  for (auto& image : images) {
    std::vector<Loss> losses = losses_by_place(*image, cpus);
    image->reported_losses.resize(losses.size());
    for (size_t i = 0; i < losses.size(); i++) {
      uint64_t& reported = image->reported_losses[i];
      if (losses[i].count > reported) {
        log(fmt::format("{} lost at {}: {}\n", losses[i].count - reported,
                        base::show_place(image->sources, losses[i].range),
                        image->sources.text(losses[i].range)));
      }
      reported = losses[i].count;
    }
  }
}

}  // namespace gimlet::runtime
