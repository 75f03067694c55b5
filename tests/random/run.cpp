// The child's output goes to files, so that no pipe can fill up while the child is waited for.
#include "run.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

extern char** environ;

namespace gimlet::random_tests {
namespace {

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Waits with short sleeps; a child that exceeds the limit is killed.
void wait_for(pid_t child, int limit, Run& run) {
  int status = 0;
  const timespec pause{0, 2'000'000};
  for (int i = 0; i < limit * 500; ++i) {
    if (waitpid(child, &status, WNOHANG) == child) {
      if (WIFEXITED(status)) run.status = WEXITSTATUS(status);
      if (WIFSIGNALED(status)) run.signal = WTERMSIG(status);
      return;
    }
    nanosleep(&pause, nullptr);
  }
  run.timed_out = true;
  kill(child, SIGKILL);
  waitpid(child, &status, 0);
}

}  // namespace

Run run_tool(const std::string& tool, const std::string& script, const std::string& folder,
             int worker, int limit) {
  const auto base = folder + "/" + std::to_string(worker);
  const auto path = base + ".bt", out = base + ".out", err = base + ".err";
  std::ofstream(path, std::ios::binary) << script;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), flags & ~O_CLOEXEC, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), flags & ~O_CLOEXEC, 0600);
  std::string program = tool, file = path;
  char* arguments[] = {program.data(), file.data(), nullptr};
  pid_t child = 0;
  Run run;
  if (posix_spawn(&child, tool.c_str(), &actions, nullptr, arguments, environ) == 0) {
    wait_for(child, limit, run);
  } else {
    run.status = 127;
  }
  posix_spawn_file_actions_destroy(&actions);
  run.out = content(out);
  run.err = content(err);
  return run;
}

}  // namespace gimlet::random_tests
