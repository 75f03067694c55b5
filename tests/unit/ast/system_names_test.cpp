// Names of signals, errors and system calls.
#include "ast/system_names.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <csignal>

#include "ast/signal_names.h"

namespace gimlet::ast {

TEST_CASE("signals are found by their names in any form") {
  CHECK(signal_number("KILL") == SIGKILL);
  CHECK(signal_number("SIGKILL") == SIGKILL);
  CHECK(signal_number("sigterm") == SIGTERM);
  // These begin with S themselves.
  CHECK(signal_number("STOP") == SIGSTOP);
  CHECK(signal_number("SEGV") == SIGSEGV);
  CHECK(signal_number("SYS") == SIGSYS);
  CHECK_FALSE(signal_number(""));
  CHECK_FALSE(signal_number("SIG"));
  CHECK_FALSE(signal_number("DIE"));
}

TEST_CASE("errors have the kernel's words") {
  NameTable errors = error_names();
  REQUIRE(errors.names.size() == 134);
  CHECK(errors.names[0] == "Success");
  CHECK(errors.names[5] == "I/O error");
  CHECK(errors.names[11] == "Try again (operation would block)");
  CHECK(errors.names[41].empty());
  CHECK(errors.names[58].empty());
}

TEST_CASE("signals have the C library's words") {
  NameTable signals = signal_names();
  REQUIRE(signals.names.size() == 65);
  CHECK(signals.names[0] == "Unknown signal 0");
  CHECK(signals.names[9] == "Killed");
  CHECK(signals.names[33] == "Unknown signal 33");
  CHECK(signals.names[34] == "Real-time signal 0");
  CHECK(signals.names[64] == "Real-time signal 30");
}

TEST_CASE("system calls have their names, and gaps have none") {
  NameTable calls = system_call_names();
  auto has = [&](const char* name) {
    return std::ranges::find(calls.names, name) != calls.names.end();
  };
  CHECK(has("openat"));
  CHECK(has("io_uring_setup"));
  CHECK(has("cachestat"));
  CHECK(calls.names[400].empty());
#if defined(__x86_64__)
  CHECK(calls.names[0] == "read");
  CHECK(calls.names[59] == "execve");
  CHECK(calls.names[513] == "rt_sigreturn");
#endif
}

TEST_CASE("no name is longer than what a program gives it room for") {
  for (const NameTable& table : {error_names(), signal_names(), system_call_names()}) {
    for (const std::string& name : table.names) CHECK(name.size() < 64);
    CHECK(table.unknown.size() < 64);
  }
}

}  // namespace gimlet::ast
