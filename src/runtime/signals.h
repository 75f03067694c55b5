// Signals as a descriptor: while it lives SIGINT, SIGTERM and SIGHUP wait in a queue that the event
// loop reads, so that none arrives at a bad moment and none is lost (cli-and-output C4.3).
#pragma once

#include <csignal>

#include "base/owners.h"
#include "base/result.h"

namespace gimlet::runtime {

class SignalQueue {
 public:
  // SIGHUP stays ignored if it was at the start; SIGUSR1 and SIGPIPE are ignored.
  static base::Result<SignalQueue> create();
  SignalQueue(SignalQueue&& other) noexcept = default;
  SignalQueue& operator=(SignalQueue&&) = delete;
  // What was queued is dropped; after that signals act as before.
  ~SignalQueue();

  int fd() const { return fd_.get(); }
  // Takes what is queued; whether there was anything.
  bool take() const;
  // Looks without taking.
  bool pending() const;

 private:
  explicit SignalQueue(base::UniqueFd fd) : fd_(std::move(fd)) {}

  base::UniqueFd fd_;
  sigset_t before_{};
  struct sigaction user_before_ {};
  struct sigaction pipe_before_ {};
};

}  // namespace gimlet::runtime
