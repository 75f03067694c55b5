#include "interactive/line_editor.h"

#include <fmt/format.h>
#include <histedit.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cwchar>

namespace gimlet::interactive {
namespace {

constexpr int kHistorySize = 2000;
constexpr size_t kMostShown = 200;

volatile sig_atomic_t resized = 0;
void note_resize(int) { resized = 1; }

bool can_be_read(int fd) {
  pollfd entry{fd, POLLIN, 0};
  return poll(&entry, 1, 0) > 0;
}

winsize size_of_terminal() {
  winsize size{};
  if (ioctl(1, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) size.ws_col = 80;
  if (size.ws_row == 0) size.ws_row = 24;
  return size;
}

// Names side by side, as many columns as fit.
std::string in_columns(const std::vector<std::string>& names, size_t width) {
  size_t shown = std::min(names.size(), kMostShown), widest = 1;
  for (size_t i = 0; i < shown; i++) widest = std::max(widest, names[i].size() + 2);
  size_t columns = std::max<size_t>(1, width / widest);
  size_t rows = (shown + columns - 1) / columns;
  std::string text;
  for (size_t row = 0; row < rows; row++) {
    std::string line;
    for (size_t i = row; i < shown; i += rows) line += fmt::format("{:<{}}", names[i], widest);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  if (names.size() > shown) text += fmt::format("... and {} more\n", names.size() - shown);
  return text;
}

}  // namespace

struct LineEditor::State {
  Callbacks callbacks;
  std::string history_file;
  EditLine* edit = nullptr;
  History* history = nullptr;
  std::string prompt;
  std::string line;
  bool editing = false;
  bool abandoned = false;
  mbstate_t decoding{};

  // Keys come one by one; until there is one, the work goes on.
  int read_key(wchar_t* key) {
    for (;;) {
      if (std::exchange(resized, 0)) el_resize(edit);
      if (!can_be_read(0)) {
        if (callbacks.work()) continue;
        abandoned = true;
        return -1;
      }
      char byte = 0;
      ssize_t n = ::read(0, &byte, 1);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return 0;
      size_t used = mbrtowc(key, &byte, 1, &decoding);
      if (used == static_cast<size_t>(-2)) continue;
      if (used == static_cast<size_t>(-1)) {
        decoding = {};
        continue;
      }
      return 1;
    }
  }

  std::string before_cursor() const {
    const LineInfo* info = el_line(edit);
    return {info->buffer, info->cursor};
  }

  // Where the cursor's row is below the prompt's.
  size_t rows_above_cursor() const {
    size_t columns = size_of_terminal().ws_col;
    return (prompt.size() + before_cursor().size()) / columns;
  }

  void step_aside() const {
    size_t rows = rows_above_cursor();
    std::string move = rows > 0 ? fmt::format("\033[{}A", rows) : "";
    fputs((move + "\r\033[J").c_str(), stdout);
    fflush(stdout);
  }

  unsigned char complete() {
    Completion completion = callbacks.complete(before_cursor());
    if (completion.candidates.empty()) return CC_REFRESH_BEEP;
    std::string written = before_cursor().substr(completion.begin);
    std::string more = completion.common_prefix();
    if (more.size() > written.size()) {
      el_insertstr(edit, more.substr(written.size()).c_str());
      if (completion.candidates.size() > 1) return CC_REFRESH;
      // A finished name is followed by a blank, unless it asks for more.
      if (more.find_last_of(":/ ") + 1 != more.size()) el_insertstr(edit, " ");
      return CC_REFRESH;
    }
    if (completion.candidates.size() == 1) return CC_REFRESH;
    show_below(in_columns(completion.candidates, size_of_terminal().ws_col));
    return CC_REDISPLAY;
  }

  unsigned char explain() {
    std::string text = callbacks.explain(std::string(word_at_end(before_cursor())));
    if (text.empty()) return CC_REFRESH_BEEP;
    show_below(text);
    return CC_REDISPLAY;
  }

  void show_below(const std::string& text) const {
    fputc('\n', stdout);
    fputs(text.c_str(), stdout);
    fflush(stdout);
  }
};

namespace {

LineEditor::State& state_of(EditLine* edit) {
  void* state = nullptr;
  el_get(edit, EL_CLIENTDATA, &state);
  return *static_cast<LineEditor::State*>(state);
}

char* prompt_of(EditLine* edit) { return state_of(edit).prompt.data(); }
int key_of(EditLine* edit, wchar_t* key) { return state_of(edit).read_key(key); }
unsigned char complete_key(EditLine* edit, int) { return state_of(edit).complete(); }
unsigned char explain_key(EditLine* edit, int) { return state_of(edit).explain(); }

void bind_keys(EditLine* edit) {
  el_set(edit, EL_ADDFN, "gimlet-complete", "complete the name before the cursor", complete_key);
  el_set(edit, EL_ADDFN, "gimlet-explain", "explain the name before the cursor", explain_key);
  el_set(edit, EL_BIND, "^I", "gimlet-complete", nullptr);
  el_set(edit, EL_BIND, "\033h", "gimlet-explain", nullptr);
  el_set(edit, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  el_set(edit, EL_BIND, "\033[3~", "ed-delete-next-char", nullptr);
}

}  // namespace

LineEditor::LineEditor(std::unique_ptr<State> state) : state_(std::move(state)) {}

base::Result<std::unique_ptr<LineEditor>> LineEditor::create(Callbacks callbacks,
                                                             std::string history_file) {
  setlocale(LC_CTYPE, "");
  std::unique_ptr<LineEditor> self(new LineEditor(std::make_unique<State>()));
  State& s = *self->state_;
  s.callbacks = std::move(callbacks);
  s.history_file = std::move(history_file);
  s.edit = el_init("gimlet", stdin, stdout, stderr);
  s.history = history_init();
  if (!s.edit || !s.history) {
    return base::Error{"The line editor could not be started", "pipe the input instead", 0, 1};
  }
  HistEvent event;
  history(s.history, &event, H_SETSIZE, kHistorySize);
  history(s.history, &event, H_SETUNIQUE, 1);
  if (!s.history_file.empty()) history(s.history, &event, H_LOAD, s.history_file.c_str());
  el_set(s.edit, EL_CLIENTDATA, &s);
  el_set(s.edit, EL_PROMPT, prompt_of);
  el_set(s.edit, EL_HIST, history, s.history);
  el_set(s.edit, EL_GETCFN, key_of);
  self->choose_keys(false);
  el_source(s.edit, nullptr);  // ~/.editrc
  struct sigaction action {};
  action.sa_handler = note_resize;
  sigaction(SIGWINCH, &action, nullptr);
  return self;
}

LineEditor::~LineEditor() {
  signal(SIGWINCH, SIG_DFL);
  if (state_->history && !state_->history_file.empty()) {
    HistEvent event;
    mode_t before = umask(077);
    history(state_->history, &event, H_SAVE, state_->history_file.c_str());
    umask(before);
  }
  if (state_->history) history_end(state_->history);
  if (state_->edit) el_end(state_->edit);
}

LineEditor::End LineEditor::read(const std::string& prompt, const std::string& given) {
  State& s = *state_;
  s.prompt = prompt;
  s.line.clear();
  s.abandoned = false;
  if (!given.empty()) el_push(s.edit, given.c_str());
  int count = 0;
  // Before the prompt is shown: a key that comes right after it must not meet the old mode.
  el_set(s.edit, EL_PREP_TERM, 1);
  s.editing = true;
  const char* text = el_gets(s.edit, &count);
  s.editing = false;
  if (s.abandoned) {
    el_reset(s.edit);
    fputc('\n', stdout);
    fflush(stdout);
    return End::Abandoned;
  }
  if (!text || count <= 0) return End::EndOfInput;
  s.line.assign(text, static_cast<size_t>(count));
  while (s.line.ends_with('\n')) s.line.pop_back();
  return End::Line;
}

const std::string& LineEditor::line() const { return state_->line; }

void LineEditor::remember(const std::string& entry) {
  HistEvent event;
  history(state_->history, &event, H_ENTER, entry.c_str());
}

void LineEditor::choose_keys(bool vi) {
  el_set(state_->edit, EL_EDITOR, vi ? "vi" : "emacs");
  bind_keys(state_->edit);
}

uint64_t LineEditor::rows() const { return size_of_terminal().ws_row; }

void LineEditor::before_write() {
  if (state_->editing) state_->step_aside();
}

void LineEditor::after_write() {
  if (state_->editing) el_set(state_->edit, EL_REFRESH);
}

}  // namespace gimlet::interactive
