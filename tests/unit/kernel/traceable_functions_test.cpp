// Which functions can be traced, from the tracer's list or, without one, from kallsyms.
#include "kernel/traceable_functions.h"

#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "unit/kernel/fixture.h"

using namespace gimlet;

namespace {

using Text = base::Result<std::string>;

Text no_file() { return base::Error{"cannot be read", {}, EPERM}; }

kernel::TraceableFunctions::Sources sources(Text list, Text kallsyms, Text blacklist) {
  return {[=] { return list; }, [=] { return kallsyms; }, [=] { return blacklist; }};
}

std::vector<std::string> names(const std::vector<kernel::KernelFunction>& functions) {
  std::vector<std::string> out;
  for (const auto& function : functions) {
    out.push_back((function.module.empty() ? "" : function.module + ":") + function.name);
  }
  return out;
}

using Names = std::vector<std::string>;

const char* const kSymbols =
    "ffffffff81000000 T _start\n"
    "ffffffff81000100 T __noinstr_text_start\n"
    "ffffffff81000110 t bare\n"
    "ffffffff81000200 T __noinstr_text_end\n"
    "ffffffff81000300 T reading\n"
    "ffffffff81000310 t __pfx_reading\n"
    "ffffffff81000320 W ready\n"
    "ffffffff81000330 D really_data\n"
    "ffffffff81000400 T _sinittext\n"
    "ffffffff81000410 t read_once\n"
    "ffffffff81000500 T _einittext\n"
    "ffffffffc0000010 t reader\t[disk]\n"
    "ffffffffc0000020 t read_by_program\t[bpf]\n"
    "ffffffffc0000030 t reading\t[disk]\n"
    "damaged\n";

}  // namespace

TEST_CASE("what can be traced is read from the tracer's list, module by module") {
  const kernel::TraceableFunctions known(
      sources(std::string("a\nb [m]\n\nc.part.0\nrcu_x"), no_file(), no_file()));
  CHECK(known.problem() == nullptr);
  CHECK(known.has("vmlinux", "a"));
  CHECK(known.has("", "a"));
  CHECK(known.has("", "b"));
  CHECK_FALSE(known.has("m", "a"));
  CHECK(known.has("m", "b"));
  CHECK_FALSE(known.has("vmlinux", "b"));
  CHECK_FALSE(known.has("vmlinux", "c.part.0"));
  CHECK_FALSE(known.has("vmlinux", "rcu_x"));
}

TEST_CASE("without a list everything harmless counts as traceable") {
  const kernel::TraceableFunctions unknown(sources(no_file(), no_file(), no_file()));
  REQUIRE(unknown.problem());
  CHECK(unknown.problem()->errnum == EPERM);
  CHECK(unknown.has("vmlinux", "a"));
  CHECK_FALSE(unknown.has("vmlinux", "default_idle"));
  CHECK(unknown.match("", "*").empty());
}

TEST_CASE("patterns choose among names, with modules if they ask for them") {
  const kernel::TraceableFunctions known(
      sources(std::string("b\na\na\nab [m]\na [m]\narch_cpu_idle\n"), no_file(), no_file()));
  CHECK(names(known.match("", "a*")) == Names{"a", "ab"});
  CHECK(names(known.match("*", "a*")) == Names{"m:a", "m:ab", "vmlinux:a"});
  CHECK(names(known.match("m", "*")) == Names{"m:a", "m:ab"});
  CHECK(names(known.match("vmlinux", "*")) == Names{"vmlinux:a", "vmlinux:b"});
  CHECK(known.match("n", "*").empty());
}

TEST_CASE("what kprobes are kept from is never matched") {
  const kernel::TraceableFunctions known(
      sources(std::string("a\nb\n"), no_file(),
              std::string("0xffffffff81000000-0xffffffff81000010\tb\nshort\n")));
  CHECK(names(known.match("", "*")) == Names{"a"});
  CHECK_FALSE(known.has("", "b"));
}

TEST_CASE("without a list candidates come from kallsyms, but for code that is never traced") {
  const kernel::TraceableFunctions unknown(sources(no_file(), std::string(kSymbols), no_file()));
  CHECK(names(unknown.match("", "read*")) == Names{"reader", "reading", "ready"});
  CHECK(names(unknown.match("*", "read*")) ==
        Names{"disk:reader", "disk:reading", "vmlinux:reading", "vmlinux:ready"});
  CHECK(unknown.match("", "bare").empty());
  CHECK(unknown.match("", "__pfx*").empty());
}

TEST_CASE("addresses may be hidden") {
  const kernel::TraceableFunctions unknown(sources(
      no_file(), std::string("0000000000000000 T _sinittext\n0000000000000000 T f\n"), no_file()));
  CHECK(names(unknown.match("", "f")) == Names{"f"});
}
