#include "interactive/shell.h"

#include <fmt/format.h>

#include <csignal>

#include "interactive/entry.h"
#include "runtime/map_view.h"

namespace gimlet::interactive {
namespace {

constexpr size_t kHistoryKept = 1000;
constexpr auto kBudgetInterval = std::chrono::seconds(1);

}  // namespace

Shell::Shell(Exploration& exploration, Screen& screen, Preferences preferences)
    : exploration_(exploration), screen_(screen), preferences_(preferences) {
  // What cells cost is not worth failing for: `.probes` shows that it is not known.
  (void)costs_.turn_on();
}

void Shell::show(const Outcome& outcome) {
  if (outcome.failed()) mistakes_++;
  interactive::show(outcome, screen_, preferences_.warnings);
  if (preferences_.timing && outcome.milliseconds > 0 && !screen_.options().json) {
    screen_.say(fmt::format("{:.1f} ms\n", outcome.milliseconds));
  }
}

bool Shell::run(const std::string& entry) {
  size_t first = entry.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return true;
  screen_.note_input(entry);
  if (history_.size() == kHistoryKept) history_.erase(history_.begin());
  history_.push_back(entry);
  size_t before = mistakes_;
  if (entry[first] == '.') {
    Reply reply = run_command(*this, entry);
    if (!reply.ok) mistakes_++;
    interactive::show(reply, screen_);
  } else if (!is_blank(entry)) {
    enter(entry);
  }
  screen_.show_results();
  return mistakes_ == before;
}

// A map is shown with what is known of it; that needs no program.
void Shell::enter(const std::string& entry) {
  std::string name = entry.substr(entry.find_first_not_of(" \t\r\n"));
  name.erase(name.find_last_not_of(" \t\r\n") + 1);
  auto view = exploration_.session().view(name, {0, 1, true});
  if (!view) return show(exploration_.enter(entry));
  screen_.output().map(*view);
  show(Outcome{});
}

void Shell::turn() {
  std::vector<std::string> notices = exploration_.turn();
  screen_.show_results();
  for (const std::string& notice : notices) show_notice(notice, screen_);
  if (int signal = exploration_.session().take_signal()) {
    if (signal == SIGINT) {
      interrupted_ = true;
    } else {
      finished_ = true;
    }
  }
  if (preferences_.budget && Clock::now() - budget_checked_ >= kBudgetInterval) keep_budget();
}

bool Shell::wait(std::chrono::milliseconds time) {
  Clock::time_point end = Clock::now() + time;
  while (Clock::now() < end && !finished()) {
    turn();
    if (take_interruption()) return false;
  }
  return true;
}

void Shell::keep_budget() {
  budget_checked_ = Clock::now();
  std::vector<CellShare> shares = costs_.since_last_call(exploration_);
  double sum = 0;
  const CellShare* most = nullptr;
  for (const CellShare& share : shares) {
    sum += share.percent;
    if (!most || share.percent > most->percent) most = &share;
  }
  if (!most || sum <= *preferences_.budget) return;
  std::string label = most->cell->label();
  base::Status disabled = exploration_.disable(*most->cell);
  if (!disabled.ok()) return;
  show_notice(fmt::format("The probes took {:.2f}% of the CPUs' time, more than the budget of "
                          "{:g}%: {} ({:.2f}%) is disabled",
                          sum, *preferences_.budget, label, most->percent),
              screen_);
}

}  // namespace gimlet::interactive
