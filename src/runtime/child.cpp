#include "runtime/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <glob.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <utility>

#include "base/glob.h"
#include "runtime/end_process.h"
#include "runtime/entry_stop.h"

namespace gimlet::runtime {
namespace {

using base::Result;
using base::UniqueFd;

// An executable file that starts like an ELF file or a script.
bool is_program(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
  if (access(path.c_str(), X_OK) != 0) return false;
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  // What may be run but not read is left to execve.
  if (!fd) return errno == EACCES;
  char start[4] = {};
  if (read(fd.get(), start, sizeof(start)) < 2) return false;
  std::string_view magic(start, sizeof(start));
  return magic == "\177ELF" || magic.starts_with("#!");
}

std::vector<std::string> expand(const std::string& path) {
  if (!base::has_wildcard(path)) return {path};
  glob_t found{};
  std::vector<std::string> paths;
  if (glob(path.c_str(), GLOB_NOSORT, nullptr, &found) == 0) {
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  globfree(&found);
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> search_path() {
  const char* path = std::getenv("PATH");
  std::vector<std::string> folders;
  std::string_view rest = path ? path : "/usr/local/bin:/usr/bin:/bin";
  for (;;) {
    size_t end = rest.find(':');
    std::string_view folder = rest.substr(0, end);
    folders.emplace_back(folder.empty() ? "." : folder);
    if (end == std::string_view::npos) return folders;
    rest.remove_prefix(end + 1);
  }
}

// Between release and execve nothing may be allocated: it would be counted by probes on malloc.
[[noreturn]] void run_child(int start, int failure, const char* program, char* const* arguments,
                            pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(0);  // it died before it could be watched
  // Nothing of our own signal handling may reach the program.
  for (int signal : {SIGINT, SIGTERM, SIGUSR1, SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_DFL);
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) std::signal(SIGHUP, SIG_DFL);  // nohup is to reach it too
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int ready = 0;
  if (write(failure, &ready, sizeof(ready)) < 0) _exit(126);
  char go = 0;
  ssize_t got = 0;
  do {
    got = read(start, &go, 1);
  } while (got < 0 && errno == EINTR);
  if (got != 1) _exit(0);  // never released
  execv(program, arguments);
  int error = errno;
  if (write(failure, &error, sizeof(error)) < 0) _exit(126);
  _exit(127);
}

// Probes must not see what the child does before it is the program that was asked for.
void wait_until_ready(int failure) {
  int ready = 0;
  while (read(failure, &ready, sizeof(ready)) < 0 && errno == EINTR) continue;
}

base::Error fork_error(base::Error cause) {
  cause.message = "Failed to fork child: " + cause.message;
  return cause;
}

}  // namespace

std::vector<std::string> split_command(std::string_view command) {
  std::vector<std::string> words;
  for (;;) {
    size_t end = command.find(' ');
    words.emplace_back(command.substr(0, end));
    if (end == std::string_view::npos) return words;
    command.remove_prefix(end + 1);
  }
}

Result<std::string> find_program(const std::string& word) {
  std::vector<std::string> candidates;
  if (word.find('/') != std::string::npos) {
    candidates = expand(word);
  } else if (!word.empty()) {
    for (const std::string& folder : search_path()) {
      for (std::string& path : expand(folder + "/" + word)) candidates.push_back(std::move(path));
    }
  }
  std::vector<std::string> programs;
  std::set<std::string> files;
  for (const std::string& path : candidates) {
    if (!is_program(path)) continue;
    std::error_code error;
    std::string real = std::filesystem::canonical(path, error).string();
    if (files.insert(error ? path : real).second) programs.push_back(path);
  }
  if (programs.empty()) {
    return base::system_error(ENOENT,
                              fmt::format("Path '{}' does not exist or is not executable", word));
  }
  if (programs.size() > 1) {
    return base::Error{
        fmt::format("Path '{}' must refer to a unique binary but matched {} binaries", word,
                    programs.size()),
        {},
        EINVAL,
        1};
  }
  return programs.front();
}

Result<std::unique_ptr<Child>> Child::create(const std::string& command) {
  std::vector<std::string> words = split_command(command);
  Result<std::string> program = find_program(words.front());
  if (!program) return fork_error(program.error());
  int start[2];
  int failure[2];
  if (pipe2(start, O_CLOEXEC) != 0) return fork_error(base::system_error(errno, "pipe"));
  UniqueFd start_read(start[0]);
  UniqueFd start_write(start[1]);
  if (pipe2(failure, O_CLOEXEC) != 0) return fork_error(base::system_error(errno, "pipe"));
  UniqueFd failure_read(failure[0]);
  UniqueFd failure_write(failure[1]);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t parent = getpid();
  // Until the child has put every signal back to its default none may be delivered to it.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t pid = fork();
  int fork_errno = errno;
  if (pid != 0) pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return fork_error(base::system_error(fork_errno, "fork"));
  if (pid == 0) {
    // Its copy of our end would keep it from seeing that we have gone.
    start_write.reset();
    run_child(start_read.get(), failure_write.get(), program->c_str(), arguments.data(), parent);
  }
  UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  int error = errno;
  std::unique_ptr<Child> child(
      new Child(pid, std::move(pidfd), std::move(start_write), std::move(failure_read)));
  if (!child->pidfd_) return fork_error(base::system_error(error, "Unable to open pidfd"));
  failure_write.reset();  // or a child that has died would be waited for
  wait_until_ready(child->failure_.get());
  return child;
}

Child::Child(pid_t pid, UniqueFd pidfd, UniqueFd start, UniqueFd failure)
    : pid_(pid), pidfd_(std::move(pidfd)), start_(std::move(start)), failure_(std::move(failure)) {}

Child::~Child() { terminate(); }

base::Status Child::run_to_entry() {
  base::Status stopped = stop_at_entry(
      pid_, [this] { return execute(); }, status_);
  stopped_ = stopped.ok() && !status_;
  return stopped;
}

base::Status Child::release() {
  if (!start_) {
    if (std::exchange(stopped_, false)) let_go(pid_);
    return base::Done{};
  }
  return execute();
}

base::Status Child::execute() {
  // Without MSG_NOSIGNAL on pipes: a child that was killed meanwhile is noticed by its pidfd.
  sigset_t pipe_signal;
  sigset_t before;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  ssize_t written = write(start_.get(), "g", 1);
  int error = errno;
  timespec now{};
  if (written < 0 && error == EPIPE) sigtimedwait(&pipe_signal, nullptr, &now);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  start_.reset();
  if (written < 0 && error == EPIPE) return base::Done{};
  int exec_error = 0;
  ssize_t got = 0;
  do {
    got = read(failure_.get(), &exec_error, sizeof(exec_error));
  } while (got < 0 && errno == EINTR);
  failure_.reset();
  if (got == sizeof(exec_error)) {
    return base::Error{"Failed to run child: child: failed to execve", {}, exec_error, 255};
  }
  return base::Done{};
}

bool Child::reap() {
  if (status_) return true;
  int status = 0;
  pid_t got = waitpid(pid_, &status, WNOHANG);
  if (got == pid_) status_ = status;
  if (got < 0 && errno == ECHILD) status_ = 0;  // somebody else ignores or collects our children
  return status_.has_value();
}

void Child::terminate(int hurry) {
  if (reap()) return;
  start_.reset();  // a child that was never released ends by itself
  if (std::exchange(stopped_, false)) let_go(pid_);
  status_ = end_process(pid_, pidfd_.get(), hurry);
}

}  // namespace gimlet::runtime
