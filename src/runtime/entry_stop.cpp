#include "runtime/entry_stop.h"

#include <elf.h>
#include <fmt/format.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include "base/owners.h"

namespace gimlet::runtime {
namespace {

using base::Status;

base::Error trace_error(const char* what) {
  return base::system_error(errno, fmt::format("Failed to stop the child at its entry: {}", what));
}

// The next stop of the child, or its end.
int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}

uint64_t entry_point(pid_t pid) {
  auto vector = base::read_file(fmt::format("/proc/{}/auxv", pid));
  if (!vector) return 0;
  for (size_t at = 0; at + sizeof(Elf64_auxv_t) <= vector->size(); at += sizeof(Elf64_auxv_t)) {
    Elf64_auxv_t entry;
    memcpy(&entry, vector->data() + at, sizeof(entry));
    if (entry.a_type == AT_ENTRY) return entry.a_un.a_val;
  }
  return 0;
}

// Goes on until a stop is `wanted`; other signals reach the child. Its status once it has ended.
template <typename Wanted>
std::optional<int> wait_until(pid_t pid, Wanted wanted) {
  for (;;) {
    const int status = wait_for(pid);
    if (!WIFSTOPPED(status)) return status;
    if (wanted(status)) return std::nullopt;
    const int signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
    ptrace(PTRACE_CONT, pid, nullptr, signal);
  }
}

#ifdef __x86_64__
// Puts a breakpoint there, runs into it, and takes it away.
Status run_to(pid_t pid, uint64_t address, std::optional<int>& ended) {
  constexpr uint64_t kBreakpoint = 0xCC;  // int3, one byte
  auto* place = reinterpret_cast<void*>(address);
  errno = 0;
  const long code = ptrace(PTRACE_PEEKTEXT, pid, place, nullptr);
  if (errno != 0) return trace_error("its code cannot be read");
  const auto broken = (static_cast<uint64_t>(code) & ~uint64_t{0xFF}) | kBreakpoint;
  if (ptrace(PTRACE_POKETEXT, pid, place, broken) != 0) {
    return trace_error("its code cannot be written");
  }
  ptrace(PTRACE_CONT, pid, nullptr, 0);
  user_regs_struct registers{};
  ended = wait_until(pid, [&](int status) {
    return WSTOPSIG(status) == SIGTRAP && ptrace(PTRACE_GETREGS, pid, nullptr, &registers) == 0 &&
           registers.rip == address + 1;
  });
  if (ended) return base::Done{};
  registers.rip = address;
  if (ptrace(PTRACE_POKETEXT, pid, place, code) != 0 ||
      ptrace(PTRACE_SETREGS, pid, nullptr, &registers) != 0) {
    return trace_error("its code cannot be put back");
  }
  return base::Done{};
}
#else
Status run_to(pid_t, uint64_t, std::optional<int>&) {
  return base::Error{"Failed to stop the child at its entry: only done on x86_64", {}};
}
#endif

}  // namespace

Status stop_at_entry(pid_t pid, const std::function<Status()>& execute, std::optional<int>& ended) {
  // Should we be killed, the child must not stay stopped.
  if (ptrace(PTRACE_SEIZE, pid, nullptr, PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL) != 0) {
    return trace_error("it cannot be traced");
  }
  if (Status executed = execute(); !executed) return executed;
  ended =
      wait_until(pid, [](int status) { return status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8); });
  if (ended) return base::Done{};
  const uint64_t entry = entry_point(pid);
  if (entry == 0) return trace_error("it tells no entry point");
  return run_to(pid, entry, ended);
}

void let_go(pid_t pid) { ptrace(PTRACE_DETACH, pid, nullptr, nullptr); }

}  // namespace gimlet::runtime
