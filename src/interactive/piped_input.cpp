#include "interactive/piped_input.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "interactive/entry.h"

namespace gimlet::interactive {
namespace {

// Text on its way from the input to complete entries.
class EntryReader {
 public:
  void add(std::string_view bytes) { waiting_ += bytes; }
  // The next complete entry, if there is one. `all`: no more text will come.
  std::optional<std::string> take(bool all) {
    for (;;) {
      size_t newline = waiting_.find('\n');
      if (newline == std::string::npos && !all) return std::nullopt;
      if (waiting_.empty()) return entry_.empty() ? std::nullopt : std::optional(give());
      size_t end = std::min(newline, waiting_.size() - 1) + 1;
      std::string line = waiting_.substr(0, end);
      waiting_.erase(0, end);
      // An empty line ends what only a longer text would complete, unless brackets are open.
      bool empty_line = line.find_first_not_of(" \t\r\n") == std::string::npos;
      if (entry_.empty() && empty_line) continue;
      entry_ += line;
      if (is_complete(entry_) || (empty_line && may_end(entry_))) return give();
    }
  }

 private:
  std::string give() {
    std::string entry = std::exchange(entry_, {});
    while (!entry.empty() && isspace(static_cast<unsigned char>(entry.back()))) entry.pop_back();
    return entry;
  }

  std::string waiting_;
  std::string entry_;
};

bool can_be_read(int fd) {
  pollfd entry{fd, POLLIN, 0};
  return poll(&entry, 1, 0) > 0;
}

}  // namespace

base::Status run_piped(Shell& shell, int input) {
  // A regular file cannot be watched and need not be: it can always be read.
  base::Status watched = shell.exploration().session().watch_input(input);
  if (!watched.ok() && watched.error().errnum != EPERM) return watched;
  EntryReader reader;
  bool ended = false;
  while (!shell.finished()) {
    if (auto entry = reader.take(ended)) {
      shell.run(*entry);
      // Ctrl-C ends a session that nobody types into.
      shell.turn();
      if (shell.take_interruption()) break;
      continue;
    }
    if (ended) break;
    if (!can_be_read(input)) {
      shell.turn();
      if (shell.take_interruption()) break;
      continue;
    }
    char bytes[4096];
    ssize_t n = ::read(input, bytes, sizeof(bytes));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return base::system_error(errno, "Failed to read the input");
    ended = n == 0;
    reader.add({bytes, static_cast<size_t>(std::max<ssize_t>(n, 0))});
  }
  return base::Done{};
}

}  // namespace gimlet::interactive
