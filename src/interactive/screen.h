// The screen: everything that a session writes passes here, so that results of probes and replies
// to entries do not get into each other's way, results can be paused, limited and recorded, and a
// terminal's prompt can step aside.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/owners.h"
#include "base/result.h"
#include "interactive/cell.h"
#include "runtime/output.h"

namespace gimlet::interactive {

struct ScreenOptions {
  bool json = false;
  bool terminal = false;
  int results = 1;     // where results of probes go
  bool quiet = false;  // -q: say nothing of what was attached
};

class Screen {
 public:
  explicit Screen(ScreenOptions options);

  // Where results of probes are written; they are shown by show_results().
  runtime::Output& output() { return *output_; }
  const ScreenOptions& options() const { return options_; }

  // Shows what came since the last call.
  void show_results();
  // Replies: shown at once, behind the results so far.
  void say(std::string_view text);
  void complain(std::string_view text);
  // On the transcript only.
  void note_input(std::string_view text);

  // While paused, results wait; what does not fit is counted.
  void pause() { paused_ = true; }
  void resume();
  bool paused() const { return paused_; }

  // Lines a second that a terminal shows of results; 0 = all.
  void set_rate(uint64_t lines) { rate_ = lines; }
  uint64_t rate() const { return rate_; }

  base::Status record(const std::string& path);
  void stop_recording() { transcript_.reset(); }

  // Called around every write to a terminal.
  void on_write(std::function<void()> before, std::function<void()> after);
  // The first failed write ends the session.
  const base::Status& status() const { return status_; }

 private:
  std::string limited(std::string text);
  void hold_back(std::string text);
  void tell_held_back();
  void write(int fd, std::string_view text);
  void flush_results();

  ScreenOptions options_;
  std::string results_;   // of probes, not yet shown
  std::string messages_;  // of probes, too: what text mode sends to standard error
  runtime::Sink out_{results_};
  runtime::Sink err_{messages_};
  std::unique_ptr<runtime::Output> output_;
  bool paused_ = false;
  std::string waiting_;  // while paused
  uint64_t rate_ = 0;
  Clock::time_point window_{};
  uint64_t shown_in_window_ = 0;
  uint64_t held_back_ = 0;  // lines
  base::UniqueFd transcript_;
  std::function<void()> before_;
  std::function<void()> after_;
  base::Status status_ = base::Done{};
};

}  // namespace gimlet::interactive
