#include "runtime/ring_ahead.h"

#include <csignal>

#include "runtime/cpus.h"

namespace gimlet::runtime {
namespace {

base::Result<Ring> create(uint64_t pages) {
  return Ring::create(ring_bytes(pages, possible_cpu_count()));
}

// While one exists, new threads take no signals: those are for the main thread to see.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

RingAhead RingAhead::start(uint64_t pages) {
  SignalsBlocked blocked;
  RingAhead ahead;
  ahead.pages_ = pages;
  // Without a thread to spare it is created when it is taken.
  ahead.ring_ = std::async(std::launch::async | std::launch::deferred, create, pages);
  return ahead;
}

base::Result<Ring> RingAhead::take(uint64_t pages) {
  if (ring_.valid() && pages == pages_) return ring_.get();
  return create(pages);
}

}  // namespace gimlet::runtime
