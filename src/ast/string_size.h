// How much of a string is kept (cli-and-output C5.1).
#pragma once

#include <cstdint>

namespace gimlet::ast {

// Whether a string that fills its memory is shown without its last byte: with the default size, and
// above, the longest text has max_strlen - 1 bytes.
inline bool last_byte_gives_way(uint64_t capacity, uint64_t max_strlen) {
  constexpr uint64_t kDefaultSize = 1024;
  return capacity >= kDefaultSize && capacity == max_strlen;
}

}  // namespace gimlet::ast
