// Sink: bytes on their way to a descriptor.
//
// Line buffering promises that a finished line is seen at once. While a batch of events is being
// drained "at once" may wait until the batch ends (a few milliseconds at most): one write for a
// thousand lines instead of a thousand writes.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/output.h"

namespace gimlet::runtime {
namespace {

constexpr size_t kFull = 64 * 1024;

// Waits until a non-blocking descriptor takes bytes again.
bool wait_writable(int fd) {
  pollfd entry{fd, POLLOUT, 0};
  return poll(&entry, 1, -1) >= 0 || errno == EINTR;
}

}  // namespace

Sink::~Sink() { flush(); }

void Sink::write(std::string_view text) {
  if (!status_.ok() || text.empty()) return;
  if (kept_) {
    *kept_ += text;
    return;
  }
  pending_ += text;
  bool due = buffering_ == Buffering::None ||
             (buffering_ == Buffering::Line && text.find('\n') != std::string_view::npos);
  if (due && held_ && pending_.size() < kFull) {
    due_ = true;
    return;
  }
  if (due || pending_.size() >= kFull) flush();
}

void Sink::hold(bool held) {
  held_ = held;
  if (!held && due_) flush();
}

void Sink::flush() {
  due_ = false;
  if (!pending_.empty()) at_line_start_ = pending_.back() == '\n';
  size_t done = 0;
  while (status_.ok() && done < pending_.size()) {
    ssize_t n = ::write(fd_, pending_.data() + done, pending_.size() - done);
    if (n >= 0) {
      done += static_cast<size_t>(n);
    } else if (errno == EAGAIN) {
      if (!wait_writable(fd_)) status_ = base::system_error(errno, "write failed");
    } else if (errno != EINTR) {
      status_ = base::system_error(errno, "write failed");
    }
  }
  pending_.clear();
}

}  // namespace gimlet::runtime
