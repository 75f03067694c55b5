// Signals as descriptors: while it lives SIGINT, SIGTERM and SIGHUP wait in a queue that the event
// loop reads, so that none arrives at a bad moment and none is lost (cli-and-output C4.3). SIGUSR1,
// which runs `self` probes, waits in a queue of its own.
#pragma once

#include <csignal>

#include "base/owners.h"
#include "base/result.h"

namespace gimlet::runtime {

class SignalQueue {
 public:
  // SIGHUP stays ignored if it was at the start; SIGPIPE is ignored.
  static base::Result<SignalQueue> create();
  SignalQueue(SignalQueue&& other) noexcept = default;
  SignalQueue& operator=(SignalQueue&&) = delete;
  // What was queued is dropped; after that signals act as before.
  ~SignalQueue() { release(); }

  int fd() const { return fd_.get(); }
  int user_fd() const { return user_fd_.get(); }
  // Takes what is queued; how many there were so far.
  int count();
  // Takes the first that is queued; 0 if none is.
  int take_one() const;
  // The same for SIGUSR1, which waits no more than once.
  bool take_user() const;
  // Whether there was or is one. Looks without taking.
  bool any() const;
  // Signals act as before, now instead of at the end of this object.
  void release();

 private:
  SignalQueue(base::UniqueFd fd, base::UniqueFd user_fd)
      : fd_(std::move(fd)), user_fd_(std::move(user_fd)) {}

  base::UniqueFd fd_;
  base::UniqueFd user_fd_;
  int count_ = 0;
  sigset_t before_{};
  struct sigaction user_before_ {};
  struct sigaction pipe_before_ {};
};

}  // namespace gimlet::runtime
