#include "interactive/screen.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace gimlet::interactive {
namespace {

constexpr size_t kMostWaiting = size_t{1} << 20;
constexpr uint64_t kLinesOnTerminal = 500;
constexpr auto kWindow = std::chrono::seconds(1);

uint64_t count_lines(std::string_view text) {
  return static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

// Waits until a non-blocking descriptor takes bytes again.
bool wait_writable(int fd) {
  pollfd entry{fd, POLLOUT, 0};
  return poll(&entry, 1, -1) >= 0 || errno == EINTR;
}

// The offset behind the n-th line.
size_t end_of_line(std::string_view text, uint64_t n) {
  size_t end = 0;
  for (; n > 0; n--) {
    size_t newline = text.find('\n', end);
    if (newline == std::string_view::npos) return text.size();
    end = newline + 1;
  }
  return end;
}

}  // namespace

Screen::Screen(ScreenOptions options)
    : options_(options),
      output_(options.json ? runtime::json_output(out_, err_)
                           : runtime::text_output(out_, err_, options.results)),
      rate_(options.terminal ? kLinesOnTerminal : 0) {}

void Screen::on_write(std::function<void()> before, std::function<void()> after) {
  before_ = std::move(before);
  after_ = std::move(after);
}

void Screen::write(int fd, std::string_view text) {
  if (text.empty() || !status_.ok()) return;
  if (transcript_ && ::write(transcript_.get(), text.data(), text.size()) < 0) {
    transcript_.reset();
  }
  while (!text.empty()) {
    ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN && wait_writable(fd)) continue;
    if (n < 0) {
      status_ = base::system_error(errno, "Failed to write the output");
      return;
    }
    text.remove_prefix(static_cast<size_t>(n));
  }
}

// Of a flood a terminal gets as many lines a second as anybody might read.
std::string Screen::limited(std::string text) {
  if (rate_ == 0) return text;
  Clock::time_point now = Clock::now();
  if (now - window_ >= kWindow) {
    window_ = now;
    shown_in_window_ = 0;
  }
  uint64_t lines = count_lines(text);
  uint64_t room = rate_ > shown_in_window_ ? rate_ - shown_in_window_ : 0;
  shown_in_window_ += std::min(lines, room);
  if (lines <= room) return text;
  held_back_ += lines - room;
  text.resize(end_of_line(text, room));
  return text;
}

void Screen::hold_back(std::string text) {
  waiting_ += text;
  if (waiting_.size() <= kMostWaiting) return;
  size_t cut = waiting_.find('\n', waiting_.size() - kMostWaiting);
  cut = cut == std::string::npos ? waiting_.size() : cut + 1;
  held_back_ += count_lines(std::string_view(waiting_).substr(0, cut));
  waiting_.erase(0, cut);
}

void Screen::flush_results() {
  std::string results = std::exchange(results_, {});
  std::string messages = std::exchange(messages_, {});
  if (paused_) return hold_back(results + messages);
  bool window_over = held_back_ > 0 && Clock::now() - window_ >= kWindow;
  if (results.empty() && messages.empty() && !window_over) return;
  // The prompt comes back at the start of a line.
  if (options_.terminal && !results.empty() && results.back() != '\n') results += '\n';
  if (before_) before_();
  if (window_over) tell_held_back();
  write(options_.results, limited(std::move(results)));
  write(options_.json ? options_.results : 2, messages);
  if (after_) after_();
}

void Screen::tell_held_back() {
  uint64_t lines = std::exchange(held_back_, 0);
  if (lines == 0) return;
  write(2, fmt::format("... {} line{} held back\n", lines, lines == 1 ? "" : "s"));
}

void Screen::show_results() {
  output_->flush();
  flush_results();
}

void Screen::resume() {
  if (!paused_) return;
  paused_ = false;
  std::string waited = std::exchange(waiting_, {});
  if (before_) before_();
  tell_held_back();
  write(options_.results, waited);
  if (after_) after_();
}

void Screen::say(std::string_view text) {
  show_results();
  if (text.empty()) return;
  if (before_) before_();
  write(options_.json ? options_.results : 1, text);
  if (after_) after_();
}

void Screen::complain(std::string_view text) {
  show_results();
  if (text.empty()) return;
  if (before_) before_();
  write(2, text);
  if (after_) after_();
}

void Screen::note_input(std::string_view text) {
  if (!transcript_) return;
  std::string line = fmt::format("> {}\n", text);
  if (::write(transcript_.get(), line.data(), line.size()) < 0) transcript_.reset();
}

base::Status Screen::record(const std::string& path) {
  base::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!fd) return base::system_error(errno, fmt::format("Failed to open '{}'", path));
  transcript_ = std::move(fd);
  return base::Done{};
}

}  // namespace gimlet::interactive
