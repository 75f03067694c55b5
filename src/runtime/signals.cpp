#include "runtime/signals.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>

namespace gimlet::runtime {

base::Result<SignalQueue> SignalQueue::create() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGINT);
  sigaddset(&wanted, SIGTERM);
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) sigaddset(&wanted, SIGHUP);
  base::UniqueFd fd(signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return base::system_error(errno, "Failed to watch signals");
  SignalQueue queue(std::move(fd));
  pthread_sigmask(SIG_BLOCK, &wanted, &queue.before_);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGUSR1, &ignore, &queue.user_before_);
  sigaction(SIGPIPE, &ignore, &queue.pipe_before_);
  return queue;
}

SignalQueue::~SignalQueue() {
  if (!fd_) return;
  take();
  sigaction(SIGUSR1, &user_before_, nullptr);
  sigaction(SIGPIPE, &pipe_before_, nullptr);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool SignalQueue::take() const {
  bool any = false;
  signalfd_siginfo info;
  while (read(fd_.get(), &info, sizeof(info)) == sizeof(info)) any = true;
  return any;
}

bool SignalQueue::pending() const {
  pollfd entry{fd_.get(), POLLIN, 0};
  return poll(&entry, 1, 0) > 0;
}

}  // namespace gimlet::runtime
