// Images in a session that goes on: each comes and goes by itself, and what happens meanwhile is
// shown turn by turn. A map outlives the image that made it.
#include <bpf/bpf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "runtime/clock_text.h"
#include "runtime/grace_period.h"
#include "runtime/map_view.h"
#include "runtime/session_state.h"

namespace gimlet::runtime {

using base::Result;
using base::Status;

namespace {

base::Error no_such_map(const std::string& name) {
  return {fmt::format("There is no map {}", name), {}, ENOENT, 1};
}

}  // namespace

uint32_t Session::State::free_number() {
  auto unused = std::find(numbers.begin(), numbers.end(), nullptr);
  if (unused == numbers.end()) unused = numbers.insert(unused, nullptr);
  return static_cast<uint32_t>(unused - numbers.begin());
}

LoadedImage* Session::State::find(uint32_t number) const {
  return number < numbers.size() ? numbers[number] : nullptr;
}

void Session::State::keep_layouts(const ast::MapPlan& map, const image::Image& image) {
  auto kept = std::make_unique<image::Image>();
  kept->structs = image.structs;
  kept->enums = image.enums;
  kept->events = image.events;
  kept->config = image.config;
  layouts[map.name] = std::move(kept);
}

void Session::detach(const std::vector<uint32_t>& numbers) {
  State& s = *state_;
  std::vector<Link> links;
  for (uint32_t number : numbers) {
    LoadedImage* image = s.find(number);
    if (!image) continue;
    for (Link& link : image->links) {
      image->missed += link.missed();
      links.push_back(std::move(link));
    }
    image->links.clear();
  }
  if (!links.empty()) {
    detach_all(links, s.options.progress);
    wait_for_running_programs();
  }
  s.drain_everything(false);
}

Status Session::unload(const std::vector<uint32_t>& numbers) {
  State& s = *state_;
  Status result = base::Done{};
  detach(numbers);
  for (uint32_t number : numbers) {
    LoadedImage* image = s.find(number);
    if (!image) continue;
    Status ended = s.run_specials(*image, ast::ProviderId::End);
    if (!ended.ok()) result = ended;
    s.drain_everything(false);
    if (image->packets && !image->packets->flush()) {
      result = base::system_error(errno, "Failed to write pcap file(s)");
    }
    s.lost_before += image->lost_events(s.cpus);
    s.numbers[number] = nullptr;
    s.player.forget(number);
    s.player.clear_exited();
    std::erase_if(s.images, [&](const auto& loaded) { return loaded.get() == image; });
  }
  return result;
}

void Session::walk(uint32_t number) {
  if (LoadedImage* image = state_->find(number)) state_->walk_iterators(*image);
}

Status Session::watch_input(int fd) { return state_->loop.watch_input(fd); }

Turn Session::turn() {
  State& s = *state_;
  Turn turn;
  Drained drained = s.drain(false);
  turn.busy = drained.records > 0;
  s.report_losses();
  Woken woken = s.loop.wait(s.ring.get(), control_of(s.control), turn.busy,
                            drained.more || s.player.exited());
  s.run_own_signal_probes();
  if (s.symbols) s.symbols->catch_up();
  if (s.unwind) s.unwind->catch_up();
  if (woken == Woken::ProcessEnded && s.target) {
    turn.process_ended = true;
    s.loop.forget(s.target.get());
    s.target.reset();
  }
  for (uint32_t number : s.player.take_exited_images()) turn.exited.push_back(number);
  s.player.take_failure();
  return turn;
}

int Session::take_signal() { return state_->signals.take_one(); }

std::vector<ProgramCost> Session::costs(uint32_t number) const {
  const LoadedImage* image = state_->find(number);
  std::vector<ProgramCost> costs;
  for (size_t i = 0; image && i < image->object.size(); i++) {
    ProgramCost cost;
    bpf_prog_info info{};
    uint32_t size = sizeof(info);
    int program = image->object.program(i);
    if (program >= 0 && bpf_obj_get_info_by_fd(program, &info, &size) == 0) {
      cost = {info.run_cnt, info.run_time_ns, info.recursion_misses, !image->links.empty()};
    }
    costs.push_back(cost);
  }
  return costs;
}

ImageLosses Session::losses(uint32_t number) const {
  const LoadedImage* image = state_->find(number);
  if (!image) return {};
  ImageLosses losses{
      image->lost_events(state_->cpus),
      image->skipped(state_->cpus) + image->missed + image->object.recursion_misses()};
  for (const Link& link : image->links) losses.skipped += link.missed();
  return losses;
}

std::vector<MapState> Session::maps() const {
  std::vector<MapState> states;
  for (const auto& [name, map] : state_->maps) {
    MapState state{map->plan()};
    for (const auto& image : state_->images) {
      const std::vector<KernelMap*>& used = image->maps;
      state.used |= std::find(used.begin(), used.end(), map.get()) != used.end();
    }
    states.push_back(std::move(state));
  }
  return states;
}

Result<MapView> Session::view(const std::string& name, const ViewOptions& options) const {
  auto found = state_->maps.find(name);
  if (found == state_->maps.end()) return no_such_map(name);
  Result<RawEntries> entries = found->second->read();
  if (!entries) return entries.error();
  DecodeContext context{*state_->layouts.at(name), *state_->symbols, boot_time_ns()};
  return make_view(found->second->plan(), std::move(*entries), context, options);
}

Status Session::clear(const std::string& name) {
  auto found = state_->maps.find(name);
  return found == state_->maps.end() ? Status(no_such_map(name)) : found->second->clear();
}

Status Session::drop(const std::string& name) {
  auto found = state_->maps.find(name);
  if (found == state_->maps.end()) return no_such_map(name);
  for (const auto& image : state_->images) {
    if (std::find(image->maps.begin(), image->maps.end(), found->second.get()) ==
        image->maps.end()) {
      continue;
    }
    return base::Error{fmt::format("Map {} is in use", name), {}, EBUSY, 1};
  }
  state_->layouts.erase(name);
  state_->maps.erase(found);
  return base::Done{};
}

}  // namespace gimlet::runtime
