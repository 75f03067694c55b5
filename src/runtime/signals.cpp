#include "runtime/signals.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>

namespace gimlet::runtime {
namespace {

int take_all(const base::UniqueFd& fd) {
  int count = 0;
  signalfd_siginfo info;
  while (read(fd.get(), &info, sizeof(info)) == sizeof(info)) count++;
  return count;
}

}  // namespace

base::Result<SignalQueue> SignalQueue::create() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGINT);
  sigaddset(&wanted, SIGTERM);
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) sigaddset(&wanted, SIGHUP);
  base::UniqueFd fd(signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
  sigset_t user;
  sigemptyset(&user);
  sigaddset(&user, SIGUSR1);
  base::UniqueFd user_fd(signalfd(-1, &user, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd || !user_fd) return base::system_error(errno, "Failed to watch signals");
  SignalQueue queue(std::move(fd), std::move(user_fd));
  sigaddset(&wanted, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &wanted, &queue.before_);
  // A signal that is blocked waits although it is ignored; one that nobody takes is dropped when
  // the queue ends.
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGUSR1, &ignore, &queue.user_before_);
  sigaction(SIGPIPE, &ignore, &queue.pipe_before_);
  return queue;
}

void SignalQueue::release() {
  if (!fd_) return;
  take_all(fd_);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  sigaction(SIGUSR1, &user_before_, nullptr);
  sigaction(SIGPIPE, &pipe_before_, nullptr);
  fd_.reset();
}

int SignalQueue::count() {
  count_ += take_all(fd_);
  return count_;
}

int SignalQueue::take_one() const {
  signalfd_siginfo info;
  bool any = read(fd_.get(), &info, sizeof(info)) == sizeof(info);
  return any ? static_cast<int>(info.ssi_signo) : 0;
}

bool SignalQueue::take_user() const { return take_all(user_fd_) > 0; }

bool SignalQueue::any() const {
  if (count_ > 0) return true;
  pollfd entry{fd_.get(), POLLIN, 0};
  return poll(&entry, 1, 0) > 0;
}

}  // namespace gimlet::runtime
