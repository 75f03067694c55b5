#include "cli/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/signals_blocked.h"
#include "base/terminal.h"

namespace gimlet::cli {
namespace {

// Work that takes no longer goes unmentioned.
constexpr std::chrono::milliseconds kPatience{500};
constexpr std::chrono::milliseconds kRedraw{100};

bool can_erase() {
  const char* terminal = getenv("TERM");
  return terminal && *terminal && std::string_view(terminal) != "dumb" && isatty(2);
}

void write_to_terminal(std::string_view text) {
  while (!text.empty()) {
    ssize_t n = ::write(2, text.data(), text.size());
    if (n <= 0) return;  // no harm done: the line is a courtesy
    text.remove_prefix(static_cast<size_t>(n));
  }
}

// "Attaching probes: 340 of 1200, 3 s", at most `columns` bytes.
std::string progress_text(const runtime::Work& work, std::chrono::seconds since, size_t columns) {
  std::string text = work.what;
  if (work.total > 0) text += fmt::format(": {} of {}", work.done, work.total);
  if (since.count() > 0) text += fmt::format(", {} s", since.count());
  return text.substr(0, columns);
}

}  // namespace

ProgressLine::ProgressLine() : shown_(can_erase()) {}

runtime::Progress ProgressLine::progress() {
  if (!shown_) return {};
  return [this](const runtime::Work& work) { update(work); };
}

void ProgressLine::start() {
  if (!shown_ || thread_) return;
  ending_ = false;
  try {
    base::SignalsBlocked blocked;
    thread_.emplace([this] { draw_now_and_then(); });
  } catch (const std::system_error&) {
    // No thread to be had: nothing is shown.
  }
}

void ProgressLine::stop() {
  if (!thread_) return;
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
    erase_locked();
  }
  ended_.notify_one();
  thread_->join();
  thread_.reset();
}

void ProgressLine::erase() {
  if (!thread_) return;
  std::lock_guard lock(mutex_);
  erase_locked();
}

void ProgressLine::erase_locked() {
  if (!drawn_.empty()) write_to_terminal("\r\033[K");
  drawn_.clear();
}

void ProgressLine::update(const runtime::Work& work) {
  if (!thread_) return;
  std::lock_guard lock(mutex_);
  if (work.what != work_.what) {
    erase_locked();
    since_ = Clock::now();
  }
  work_ = work;
}

void ProgressLine::draw_now_and_then() {
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, kRedraw, [&] { return ending_; })) draw(Clock::now());
}

void ProgressLine::draw(Clock::time_point now) {
  if (!work_.what || now - since_ < kPatience) return;
  size_t columns = base::terminal_columns(2);
  if (columns < 2) return;
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - since_);
  std::string text = progress_text(work_, seconds, columns - 1);
  if (text == drawn_) return;
  write_to_terminal("\r\033[K" + text);
  drawn_ = std::move(text);
}

}  // namespace gimlet::cli
