#include "ast/signal_names.h"

#include <strings.h>

#include <csignal>
#include <string>

namespace gimlet::ast {
namespace {

struct Row {
  const char* name;
  uint32_t number;
};

constexpr Row kRows[] = {
    {"ABRT", SIGABRT},     {"ALRM", SIGALRM},   {"BUS", SIGBUS},   {"CHLD", SIGCHLD},
    {"CONT", SIGCONT},     {"FPE", SIGFPE},     {"HUP", SIGHUP},   {"ILL", SIGILL},
    {"INT", SIGINT},       {"KILL", SIGKILL},   {"PIPE", SIGPIPE}, {"POLL", SIGPOLL},
    {"QUIT", SIGQUIT},     {"SEGV", SIGSEGV},   {"STOP", SIGSTOP}, {"SYS", SIGSYS},
    {"TERM", SIGTERM},     {"TRAP", SIGTRAP},   {"TSTP", SIGTSTP}, {"TTIN", SIGTTIN},
    {"TTOU", SIGTTOU},     {"URG", SIGURG},     {"USR1", SIGUSR1}, {"USR2", SIGUSR2},
    {"VTALRM", SIGVTALRM}, {"WINCH", SIGWINCH}, {"XCPU", SIGXCPU}, {"XFSZ", SIGXFSZ},
};

}  // namespace

std::optional<uint32_t> signal_number(std::string_view name) {
  std::string text(name);
  if (strncasecmp(text.c_str(), "SIG", 3) == 0) text.erase(0, 3);
  for (const Row& row : kRows) {
    if (strcasecmp(row.name, text.c_str()) == 0) return row.number;
  }
  return std::nullopt;
}

}  // namespace gimlet::ast
