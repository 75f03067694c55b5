// Links: what keeps programs attached, and letting go of them.
//
// Letting go of a perf-based tracepoint makes the kernel wait for a grace period (60-90 ms);
// waits that run at the same time share it, so links are closed by several threads at once.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/owners.h"
#include "runtime/progress.h"

namespace gimlet::runtime {

// One attachment. Members are closed in the order link, event.
class Link {
 public:
  explicit Link(base::UniqueFd link, base::UniqueFd event = {})
      : event_(std::move(event)), link_(std::move(link)) {}
  int fd() const { return link_.get(); }
  // Hits at which the kernel could not run the program: it was handling another probe on that CPU,
  // or too many calls were under way for a return probe. 0 where the kernel does not count them.
  uint64_t missed() const;
  void detach() {
    link_.reset();
    event_.reset();
  }

 private:
  base::UniqueFd event_;  // perf event; absent for other mechanisms
  base::UniqueFd link_;
};

// Detaches all. Some kinds of links are gone before the last run of their program has ended, see
// grace_period.h.
void detach_all(std::vector<Link>& links, const Progress& progress);

}  // namespace gimlet::runtime
