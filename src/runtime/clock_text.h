// Times as text: time() and strftime() (probes-and-stdlib B5.5, cli-and-output C7).
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

#include "ast/type.h"

namespace gimlet::runtime {

uint64_t boot_clock_ns();
// What must be added to the boot clock to get another one.
uint64_t boot_offset_ns(clockid_t clock);
// The same for the time of day.
inline uint64_t boot_time_ns() { return boot_offset_ns(CLOCK_REALTIME); }

// `now` in local time, as time() prints it: nothing if strftime(3) gives no text or more than 63
// bytes.
std::optional<std::string> time_text(const std::string& format, time_t now);

// The local time of a timestamp: %f, %l and %k are micro-, milli- and nanoseconds. "(?)" if there
// is nothing to show; at most `limit` bytes.
std::string timestamp_text(const std::string& format, uint64_t ns, ast::Clock clock,
                           uint64_t boot_offset_ns, size_t limit);

}  // namespace gimlet::runtime
