// Waiting: one epoll set with the ring, the signals and the processes whose end ends the run.
//
// Waking the consumer for each record costs a program fifty times as much as sending the record. So
// programs wake us only when Control::waiting asks for it. After a wake-up the ring is polled every
// few milliseconds for a while before we ask again: a busy program pays for no wake-up, and what it
// sends is still seen within about ten milliseconds.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/owners.h"
#include "base/result.h"
#include "image/image.h"
#include "runtime/ring.h"
#include "runtime/signals.h"

namespace gimlet::runtime {

// From the least to the most urgent.
enum class Woken : uint8_t { Nothing, UserSignal, Input, ProcessEnded, Signal };

class EventLoop {
 public:
  static base::Result<EventLoop> create(int signals);

  // The ring's descriptor, once there is a ring.
  base::Status watch_ring(int fd);
  // Signals that do not end the run.
  base::Status watch_user_signals(int fd);
  // A pidfd. Its end is told by every later wait().
  base::Status watch_process(int pidfd);
  // Something else that can be read.
  base::Status watch_input(int fd);
  void forget(int fd);

  // Sleeps until there is something to do, or a time that depends on whether the last drain found
  // records. `more`: the ring holds finished records, do not sleep.
  Woken wait(const Ring* ring, image::Control* control, bool found, bool more);

 private:
  explicit EventLoop(base::UniqueFd epoll) : epoll_(std::move(epoll)) {}
  base::Status watch(int fd, uint32_t events, Woken meaning);
  Woken sleep(int milliseconds);

  base::UniqueFd epoll_;
  int polls_left_ = 0;  // before wake-ups are asked for again
  bool first_wait_ = true;
};

}  // namespace gimlet::runtime
