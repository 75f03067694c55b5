// A ring that is created before it is needed. The kernel takes milliseconds to clear its pages: a
// good part of what a short program takes as a whole, and as long as compiling it.
#pragma once

#include <cstdint>
#include <future>

#include "base/result.h"
#include "runtime/ring.h"

namespace gimlet::runtime {

class RingAhead {
 public:
  // Nothing is created ahead.
  RingAhead() = default;
  // On a thread of its own. `pages` as ring_bytes() takes them.
  static RingAhead start(uint64_t pages);

  // That ring if it was made for so many pages and not taken before, else one that is created now.
  base::Result<Ring> take(uint64_t pages);

 private:
  uint64_t pages_ = 0;
  std::future<base::Result<Ring>> ring_;
};

}  // namespace gimlet::runtime
