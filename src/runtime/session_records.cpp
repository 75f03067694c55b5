// The records of the ring on their way to the output.
#include <atomic>
#include <ctime>

#include "runtime/session_state.h"

namespace gimlet::runtime {
namespace {

// How long signals, and the end of the traced process, may go unnoticed.
constexpr int64_t kSliceNs = 50'000'000;

// Some milliseconds off, for a few nanoseconds a call.
int64_t coarse_clock_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

image::Control* control_of(const std::unique_ptr<SharedArray>& control) {
  return control ? reinterpret_cast<image::Control*>(control->bytes().data()) : nullptr;
}

LoadedImage* Session::State::image_of(ByteSpan record) const {
  if (record.size() < sizeof(ast::RecordHeader)) return nullptr;
  return find(read_at<uint16_t>(record, offsetof(ast::RecordHeader, image)));
}

void Session::State::show(ByteSpan record, bool drop_after_exit) {
  if (drop_after_exit && player.follows_exit(record)) return;
  LoadedImage* from = image_of(record);
  if (!from) return player.damaged(record);
  player.play(*from, record);
}

Drained Session::State::drain(bool drop_after_exit) {
  Drained drained;
  if (!ring) return drained;
  for (const auto& image : images) {
    if (image->packets) image->packets->drain();
  }
  const int64_t end = coarse_clock_ns() + kSliceNs;
  output->hold(true);
  drained.records = ring->drain([&](ByteSpan record) {
    show(record, drop_after_exit);
    drained.more = coarse_clock_ns() >= end;
    return !drained.more;
  });
  output->hold(false);
  player.note_lost_exit(std::atomic_ref(control_of(control)->lost_exit).exchange(0));
  return drained;
}

void Session::State::drain_everything(bool drop_after_exit) {
  while (drain(drop_after_exit).records > 0) report_losses();
  report_losses();
}

void Session::State::drop_queued() {
  if (!ring) return;
  ring->drain([&](ByteSpan record) {
    LoadedImage* from = image_of(record);
    uint32_t event = read_at<uint32_t>(record, offsetof(ast::RecordHeader, event));
    if (from && event < from->dropped.size()) from->dropped[event]++;
    return true;
  });
}

}  // namespace gimlet::runtime
