#include "runtime/clock_text.h"

#include <fmt/format.h>

#include <vector>

namespace gimlet::runtime {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;

uint64_t read_clock(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return static_cast<uint64_t>(t.tv_sec) * kSecond + static_cast<uint64_t>(t.tv_nsec);
}

// Text that is longer than `limit` bytes counts as none, like strftime(3) itself does.
std::string format_time(const std::string& format, time_t seconds, size_t limit) {
  tm local{};
  if (format.empty() || !localtime_r(&seconds, &local)) return {};
  std::vector<char> buffer(limit + 1);
  size_t length = strftime(buffer.data(), buffer.size(), format.c_str(), &local);
  return std::string(buffer.data(), length);
}

// Replaces our own conversions; "%%" hides a percent sign from us as from strftime(3).
std::string expand_fractions(const std::string& format, uint64_t ns) {
  std::string out;
  for (size_t i = 0; i < format.size(); i++) {
    char next = format[i] == '%' && i + 1 < format.size() ? format[i + 1] : '\0';
    if (next == 'f') {
      out += fmt::format("{:06}", ns / 1000);
    } else if (next == 'l') {
      out += fmt::format("{:03}", ns / 1'000'000);
    } else if (next == 'k') {
      out += fmt::format("{:09}", ns);
    } else {
      out += format[i];
      if (next == '\0') continue;
      out += next;
    }
    i++;
  }
  return out;
}

}  // namespace

uint64_t boot_clock_ns() { return read_clock(CLOCK_BOOTTIME); }

uint64_t boot_offset_ns(clockid_t clock) {
  // The narrowest of a few brackets: a preemption between two readings would shift every time.
  uint64_t best_width = UINT64_MAX;
  uint64_t best = 0;
  for (int i = 0; i < 5; i++) {
    uint64_t before = read_clock(CLOCK_BOOTTIME);
    uint64_t now = read_clock(clock);
    uint64_t after = read_clock(CLOCK_BOOTTIME);
    if (after - before >= best_width) continue;
    best_width = after - before;
    best = now - (before + best_width / 2);
  }
  return best;
}

std::optional<std::string> time_text(const std::string& format, time_t now) {
  constexpr size_t kLimit = 63;
  std::string text = format_time(format, now, kLimit);
  if (text.empty()) return std::nullopt;
  return text;
}

std::string timestamp_text(const std::string& format, uint64_t ns, ast::Clock clock,
                           uint64_t boot_offset_ns, size_t limit) {
  if (clock == ast::Clock::Boot) ns += boot_offset_ns;
  auto seconds = static_cast<time_t>(ns / kSecond);
  if (seconds == 0) return "(?)";
  std::string text = format_time(expand_fractions(format, ns % kSecond), seconds, limit);
  return text.empty() ? "(?)" : text;
}

}  // namespace gimlet::runtime
