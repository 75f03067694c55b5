// The shell: takes complete entries, runs them as cells or commands, shows what comes of them, and
// keeps everything else going meanwhile (results, the budget, signals). Where entries come from is
// the business of piped_input.h and terminal.h.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/owners.h"
#include "interactive/command.h"
#include "interactive/cost.h"
#include "interactive/exploration.h"
#include "interactive/screen.h"

namespace gimlet::interactive {

// What `.set` changes, beside the keys of the config block.
struct Preferences {
  bool timing = false;
  bool warnings = true;
  std::optional<double> budget{};  // percent of the time of all CPUs
  bool vi_keys = false;
};

// What only a terminal can do; unset elsewhere.
struct TerminalParts {
  std::function<void(const std::string& text)> edit{};  // puts a text into the next line
  // Between begin_keys and end_keys single keys can be asked for: leave_pressed says whether q was
  // pressed.
  std::function<void()> begin_keys{};
  std::function<bool()> leave_pressed{};
  std::function<void()> end_keys{};
  std::function<void(bool vi)> choose_keys{};
  std::function<uint64_t()> rows{};
};

class Shell {
 public:
  Shell(Exploration& exploration, Screen& screen, Preferences preferences);

  // A complete entry. False if it was wrong.
  bool run(const std::string& entry);
  // Lets results come in, for a moment at most.
  void turn();
  // turn() until the time has passed, or an interruption. False if it was one.
  bool wait(std::chrono::milliseconds time);

  bool finished() const { return finished_ || !screen_.status().ok(); }
  void finish() { finished_ = true; }
  // A Ctrl-C that came while an entry ran or results were shown.
  bool take_interruption() { return std::exchange(interrupted_, false); }
  size_t mistakes() const { return mistakes_; }

  Exploration& exploration() { return exploration_; }
  Screen& screen() { return screen_; }
  Preferences& preferences() { return preferences_; }
  CostMeter& costs() { return costs_; }
  TerminalParts& terminal() { return terminal_; }
  const std::vector<std::string>& history() const { return history_; }
  void show(const Outcome& outcome);

 private:
  void enter(const std::string& entry);
  void keep_budget();

  Exploration& exploration_;
  Screen& screen_;
  Preferences preferences_;
  CostMeter costs_;
  TerminalParts terminal_;
  std::vector<std::string> history_;
  size_t mistakes_ = 0;
  bool finished_ = false;
  bool interrupted_ = false;
  Clock::time_point budget_checked_ = Clock::now();
};

}  // namespace gimlet::interactive
