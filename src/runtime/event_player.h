// Records of the ring become output: each kind of event is carried out by one function.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>

#include "base/diagnostics.h"
#include "runtime/command.h"
#include "runtime/loaded_image.h"
#include "runtime/output.h"

namespace gimlet::runtime {

class EventPlayer {
 public:
  EventPlayer(Output& output, base::ShowOptions show, std::function<void(const std::string&)> log)
      : output_(&output), show_(show), log_(std::move(log)) {}

  // `record` starts with its header; one that is damaged is reported, not played.
  void play(LoadedImage& from, ByteSpan record);
  void damaged(ByteSpan record);

  // An exit() event was played; cleared by the session before `end` programs run.
  bool exited() const { return exited_; }
  // Whether the record follows an exit() of the same CPU. Such records are not played: the program
  // asked for the end there.
  bool follows_exit(ByteSpan record) const;
  void clear_exited() {
    exited_ = false;
    exited_on_.clear();
  }
  // What Control::lost_exit holds.
  void note_lost_exit(uint64_t word);
  // The images that called exit() since the last call.
  std::set<uint32_t> take_exited_images() { return std::exchange(exited_images_, {}); }
  int exit_status() const { return exit_status_; }
  void set_exit_status(int status) { exit_status_ = status; }

  // Its number may be given to another image.
  void forget(uint32_t image) { exited_images_.erase(image); }

  // From now on the command of a system() can be cut short.
  void let_interrupt(Interruption interruption) { interruption_ = std::move(interruption); }

  // From now on results are shown on another output.
  void show_on(Output& output) { output_ = &output; }
  // Whether an error was reported, or an exit status other than 0, since the last call. Forgets
  // that, and the exit.
  bool take_failure() {
    clear_exited();
    bool failed = std::exchange(error_seen_, false);
    return std::exchange(exit_status_, 0) != 0 || failed;
  }

 private:
  struct Event {
    LoadedImage& from;
    const ast::EventPlan& plan;
    uint32_t index;
    ByteSpan record;
    std::vector<Value> values;
  };
  using Play = void (EventPlayer::*)(Event&);
  static Play play_of(ast::EventKind kind);

  void printf(Event& event);
  void message(Event& event);
  void print_value(Event& event);
  void print_map(Event& event);
  void print_map_key(Event& event);
  void clear(Event& event);
  void zero(Event& event);
  void time(Event& event);
  void exit(Event& event);
  void join(Event& event);
  void cat(Event& event);
  void system(Event& event);
  void runtime_error(Event& event);
  void helper_error(Event& event);

  // A warning with its excerpt, and the calls of the macros that it comes from.
  std::string shown_warning(const Event& event, std::string_view message) const;
  KernelMap* map_of(const Event& event) const;
  void environment_error(const base::Error& error);

  Output* output_;
  base::ShowOptions show_;
  std::function<void(const std::string&)> log_;
  std::string text_;  // reused for every printf
  Interruption interruption_;
  bool exited_ = false;
  std::set<uint16_t> exited_on_;  // CPUs
  std::set<uint32_t> exited_images_;
  int exit_status_ = 0;
  bool error_seen_ = false;
};

}  // namespace gimlet::runtime
