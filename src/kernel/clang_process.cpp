// The three standard streams are files in memory, so that neither side ever waits for the other.
#include "kernel/clang_process.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

extern char** environ;

namespace gimlet::kernel {
namespace {

// Clang before 15 does not say in BTF that an enum has negative values, and a distribution's plain
// `clang` may be that old: the one that comes with our LLVM goes first.
constexpr const char* kPrograms[] = {"clang-19", "clang"};

base::Status write_all(const base::UniqueFd& fd, const std::string& text) {
  for (size_t at = 0; at < text.size();) {
    const ssize_t n = ::write(fd.get(), text.data() + at, text.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return base::system_error(errno, "Failed to hand its input to clang");
    at += static_cast<size_t>(n);
  }
  if (::lseek(fd.get(), 0, SEEK_SET) < 0) return base::system_error(errno, "Failed to rewind");
  return base::Done{};
}

}  // namespace

std::string path_of(const base::UniqueFd& fd) { return fmt::format("/proc/self/fd/{}", fd.get()); }

base::Result<ClangRun> run_clang(const std::vector<std::string>& arguments,
                                 const std::string& input, const char* purpose) {
  const base::UniqueFd in(::memfd_create("headers", MFD_CLOEXEC));
  base::UniqueFd out(::memfd_create("output", MFD_CLOEXEC));
  const base::UniqueFd messages(::memfd_create("messages", MFD_CLOEXEC));
  if (!in || !out || !messages) return base::system_error(errno, "Failed to create a memory file");
  if (auto written = write_all(in, input); !written.ok()) return written.error();

  std::vector<char*> words{nullptr};
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t streams;
  posix_spawn_file_actions_init(&streams);
  posix_spawn_file_actions_adddup2(&streams, in.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&streams, out.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&streams, messages.get(), STDERR_FILENO);
  pid_t pid = 0;
  int failure = ENOENT;
  for (const char* program : kPrograms) {
    words[0] = const_cast<char*>(program);
    if (failure == ENOENT) {
      failure = ::posix_spawnp(&pid, program, &streams, nullptr, words.data(), environ);
    }
  }
  posix_spawn_file_actions_destroy(&streams);
  if (failure == ENOENT) {
    return base::Error{fmt::format("clang is needed to {}", purpose),
                       "install the Debian package clang", 0, 2};
  }
  if (failure != 0) return base::system_error(failure, "Failed to run clang");

  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return base::system_error(errno, "Failed to wait for clang");
  }
  auto text = base::read_file(path_of(messages));
  if (!text.ok()) return text.error();
  return ClangRun{WIFEXITED(status) && WEXITSTATUS(status) == 0, std::move(out), std::move(*text)};
}

}  // namespace gimlet::kernel
