// The event ring: one BPF ring buffer for the whole session, read through its mapped pages.
//
// Reading it ourselves lets us take records in batches and tell "empty" from "a record is being
// written". Layout: a page with the consumer position, a page with the producer position, then the
// data twice in a row, so that no record wraps. Only a window of the data is mapped at a time: the
// kernel fills in every page of a mapping at once, and a ring of 16 MiB would make us look like a
// process of 32.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "base/owners.h"
#include "base/result.h"

namespace gimlet::runtime {

class Ring {
 public:
  // `bytes`: a power of two and a multiple of the page size.
  static base::Result<Ring> create(size_t bytes);
  Ring(Ring&& other) noexcept;
  Ring& operator=(Ring&&) = delete;
  ~Ring();

  int fd() const { return fd_.get(); }

  // Hands out finished records in order until none is left or `take` wants no more; the span is
  // valid during the call only. Returns how many there were.
  size_t drain(const std::function<bool(std::span<const uint8_t>)>& take);

  // Neither a finished record nor one that is being written.
  bool empty() const;

 private:
  Ring(base::UniqueFd fd, size_t bytes) : fd_(std::move(fd)), size_(bytes) {}
  // The record header at a position, with everything that may follow it; null if it cannot be
  // mapped.
  const uint8_t* at(uint64_t position);
  void close_window();

  base::UniqueFd fd_;
  size_t size_ = 0;
  uint64_t* consumer_ = nullptr;
  const uint64_t* producer_ = nullptr;
  const uint8_t* window_ = nullptr;
  size_t window_begin_ = 0;  // offset in the data
  size_t window_size_ = 0;
};

// Size of the ring (cli-and-output C4.9): `pages` if not 0, else from available memory.
size_t ring_bytes(uint64_t pages, uint32_t cpus);

}  // namespace gimlet::runtime
