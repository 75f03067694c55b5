#include "interactive/terminal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "interactive/entry.h"
#include "interactive/line_editor.h"
#include "interactive/text_editor.h"
#include "interactive/topics.h"

namespace gimlet::interactive {
namespace {

constexpr const char* kPrompt = "gimlet> ";
constexpr const char* kMore = "   ...> ";

// GIMLET_HISTORY, else a file in the home folder; nothing without one.
std::string history_file() {
  if (const char* file = getenv("GIMLET_HISTORY")) return file;
  const char* home = getenv("HOME");
  return home && *home ? std::string(home) + "/.gimlet_history" : std::string();
}

// While it lives keys come one by one and are not shown. Ctrl-C stays what it is.
class SingleKeys {
 public:
  SingleKeys() {
    if (tcgetattr(0, &before_) != 0) return;
    termios single = before_;
    single.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    tcsetattr(0, TCSANOW, &single);
  }
  ~SingleKeys() { tcsetattr(0, TCSANOW, &before_); }
  SingleKeys(const SingleKeys&) = delete;

  static bool leave_pressed() {
    pollfd entry{0, POLLIN, 0};
    while (poll(&entry, 1, 0) > 0) {
      char key = 0;
      if (::read(0, &key, 1) <= 0 || key == 'q' || key == 4) return true;
    }
    return false;
  }

 private:
  termios before_{};
};

class TerminalSession {
 public:
  explicit TerminalSession(Shell& shell) : shell_(shell) {}

  base::Status run() {
    base::Status started = start();
    if (!started.ok()) return started;
    shell_.screen().say(
        "Enter a probe, an expression, or @MAP. .help shows the commands, Ctrl-D leaves.\n");
    while (!shell_.finished()) take_line();
    shell_.screen().on_write({}, {});
    return base::Done{};
  }

 private:
  base::Status start() {
    LineEditor::Callbacks callbacks;
    callbacks.work = [this] {
      shell_.turn();
      bool interrupted = shell_.take_interruption();
      return !interrupted && !shell_.finished();
    };
    callbacks.complete = [this](std::string_view text) {
      return complete(shell_.exploration(), text);
    };
    callbacks.explain = [](const std::string& name) {
      return documentation(name).value_or(std::string());
    };
    auto editor = LineEditor::create(std::move(callbacks), history_file());
    if (!editor) return editor.error();
    editor_ = std::move(*editor);
    base::Status watched = shell_.exploration().session().watch_input(0);
    if (!watched.ok()) return watched;
    shell_.screen().on_write([this] { editor_->before_write(); },
                             [this] { editor_->after_write(); });
    TerminalParts& parts = shell_.terminal();
    parts.edit = [this](const std::string& text) { edit(text); };
    parts.begin_keys = [this] { keys_ = std::make_unique<SingleKeys>(); };
    parts.leave_pressed = [] { return SingleKeys::leave_pressed(); };
    parts.end_keys = [this] { keys_.reset(); };
    parts.choose_keys = [this](bool vi) { editor_->choose_keys(vi); };
    parts.rows = [this] { return editor_->rows(); };
    return base::Done{};
  }

  void take_line() {
    LineEditor::End end =
        editor_->read(entry_.empty() ? kPrompt : kMore, std::exchange(given_, {}));
    if (end == LineEditor::End::Abandoned) return entry_.clear();
    if (end == LineEditor::End::EndOfInput) {
      if (entry_.empty()) shell_.finish();
      entry_.clear();
      shell_.screen().say("\n");
      return;
    }
    const std::string& line = editor_->line();
    bool empty_line = line.find_first_not_of(" \t") == std::string::npos;
    if (entry_.empty() && empty_line) return;
    if (!entry_.empty()) entry_ += '\n';
    entry_ += line;
    if (!is_complete(entry_) && !(empty_line && may_end(entry_))) return;
    std::string entry = std::exchange(entry_, {});
    editor_->remember(entry);
    shell_.run(entry);
    // A Ctrl-C that ended what the entry did has had its effect.
    shell_.turn();
    shell_.take_interruption();
  }

  // One line goes into the next prompt; several go to the user's text editor.
  void edit(const std::string& text) {
    if (text.find('\n') == std::string::npos) {
      given_ = text;
      return;
    }
    base::Result<std::string> edited = edit_text(text);
    if (!edited) return show(mistake(edited.error()), shell_.screen());
    if (*edited != text) shell_.run(*edited);
  }

  Shell& shell_;
  std::unique_ptr<LineEditor> editor_;
  std::unique_ptr<SingleKeys> keys_;
  std::string entry_;  // the lines so far
  std::string given_;  // what the next line begins with
};

}  // namespace

base::Status run_on_terminal(Shell& shell) { return TerminalSession(shell).run(); }

}  // namespace gimlet::interactive
