#include "runtime/ring_ahead.h"

#include "base/run_ahead.h"
#include "runtime/cpus.h"

namespace gimlet::runtime {
namespace {

base::Result<Ring> create(uint64_t pages) {
  return Ring::create(ring_bytes(pages, possible_cpu_count()));
}

}  // namespace

RingAhead RingAhead::start(uint64_t pages) {
  RingAhead ahead;
  ahead.pages_ = pages;
  ahead.ring_ = base::run_ahead(create, pages);
  return ahead;
}

base::Result<Ring> RingAhead::take(uint64_t pages) {
  if (ring_.valid() && pages == pages_) return ring_.get();
  return create(pages);
}

}  // namespace gimlet::runtime
