#include "runtime/event_loop.h"

#include <sys/epoll.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

namespace gimlet::runtime {
namespace {

constexpr int kPollMs = 2;
constexpr int kPolls = 4;
// A program may look at `waiting` just before we set it; its record is then found by the first,
// short sleep.
constexpr int kFirstWaitMs = 10;
constexpr int kWaitMs = 100;

std::atomic_ref<uint32_t> waiting(image::Control& control) {
  return std::atomic_ref<uint32_t>(control.waiting);
}

}  // namespace

base::Result<EventLoop> EventLoop::create(int signals) {
  base::UniqueFd epoll(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return base::system_error(errno, "Failed to create an epoll set");
  EventLoop loop(std::move(epoll));
  base::Status status = loop.watch(signals, EPOLLIN, Woken::Signal);
  if (!status.ok()) return status.error();
  return loop;
}

base::Status EventLoop::watch(int fd, uint32_t events, Woken meaning) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = static_cast<uint64_t>(meaning);
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    return base::system_error(errno, "Failed to watch a descriptor");
  }
  return base::Done{};
}

// Edge-triggered: only a wake-up that we asked for ends the sleep, not the mere presence of
// records.
base::Status EventLoop::watch_ring(int fd) { return watch(fd, EPOLLIN | EPOLLET, Woken::Nothing); }

base::Status EventLoop::watch_user_signals(int fd) { return watch(fd, EPOLLIN, Woken::UserSignal); }

base::Status EventLoop::watch_process(int pidfd) {
  return watch(pidfd, EPOLLIN, Woken::ProcessEnded);
}

base::Status EventLoop::watch_input(int fd) { return watch(fd, EPOLLIN, Woken::Input); }

void EventLoop::forget(int fd) { epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

Woken EventLoop::sleep(int milliseconds) {
  epoll_event events[8];
  int count = epoll_wait(epoll_.get(), events, 8, milliseconds);
  Woken woken = Woken::Nothing;
  for (int i = 0; i < count; i++) {
    woken = std::max(woken, static_cast<Woken>(events[i].data.u64));
  }
  return woken;
}

Woken EventLoop::wait(const Ring* ring, image::Control* control, bool found, bool more) {
  if (!ring || !control) return sleep(kWaitMs);
  if (found) polls_left_ = kPolls;
  if (more) return sleep(0);
  if (polls_left_ > 0) {
    polls_left_--;
    first_wait_ = true;
    return sleep(kPollMs);
  }
  waiting(*control).store(1, std::memory_order_seq_cst);
  // A record that came, or was begun, before `waiting` was set does not wake us.
  Woken woken = Woken::Nothing;
  if (ring->empty()) {
    woken = sleep(first_wait_ ? kFirstWaitMs : kWaitMs);
    first_wait_ = false;
  } else {
    polls_left_ = 1;
  }
  waiting(*control).store(0, std::memory_order_seq_cst);
  return woken;
}

}  // namespace gimlet::runtime
