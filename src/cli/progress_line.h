// The line on a terminal that says what is being done, while that takes long: below whatever was
// written, rewritten in place, and gone when the work is done. Drawn by a thread of its own,
// because the work may be a single call into the kernel.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "runtime/progress.h"

namespace gimlet::cli {

class ProgressLine {
 public:
  // On standard error, if it is a terminal that can erase what stands on it.
  ProgressLine();
  ~ProgressLine() { stop(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // To be told of work; empty if there is no terminal.
  runtime::Progress progress();

  // Work is shown between start() and stop() only; no thread runs otherwise.
  void start();
  void stop();
  // Before anything else is written to the terminal.
  void erase();

 private:
  using Clock = std::chrono::steady_clock;

  void update(const runtime::Work& work);
  void draw_now_and_then();
  void draw(Clock::time_point now);
  void erase_locked();

  const bool shown_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::optional<std::thread> thread_;
  bool ending_ = false;
  std::string drawn_;  // what stands on the terminal
  runtime::Work work_;
  Clock::time_point since_;  // when work_.what began
};

}  // namespace gimlet::cli
