// Listings of the frozen system: forms, order, arguments.
#include "list/listing.h"

#include <catch2/catch_test_macros.hpp>

#include "unit/kernel/fixture.h"

using namespace gimlet;
using Lines = std::vector<std::string>;

namespace {

list::Listing listing(const std::string& patterns, bool verbose = false, uint64_t pid = 0) {
  auto kernel = frozen();
  auto made = list::list_patterns(patterns, {*kernel, pid, verbose});
  REQUIRE(made.ok());
  return std::move(*made);
}

Lines lines(const std::string& patterns, bool verbose = false) {
  return listing(patterns, verbose).lines;
}

}  // namespace

TEST_CASE("tracepoints are listed by category and event") {
  CHECK(lines("tracepoint:sched:*") ==
        Lines{"tracepoint:sched:sched_process_exec", "tracepoint:sched:sched_process_exit",
              "tracepoint:sched:sched_switch", "tracepoint:sched:sched_wakeup"});
  CHECK(lines("t:*:sys_exit_*") == Lines{"tracepoint:syscalls:sys_exit_getppid",
                                         "tracepoint:syscalls:sys_exit_openat",
                                         "tracepoint:syscalls:sys_exit_read"});
  // Without a category: of any.
  CHECK(lines("t:sys_exit_*") == lines("t:*:sys_exit_*"));
  CHECK(lines("TRACEPOINT:skb:kfree_skb") == Lines{"tracepoint:skb:kfree_skb"});
  CHECK(lines("t:sched:none").empty());
}

TEST_CASE("names of perf events and units end in a colon, which patterns may leave out") {
  CHECK(lines("software:cpu*") ==
        Lines{"software:cpu-clock:", "software:cpu-migrations:", "software:cpu:"});
  CHECK(lines("s:dummy") == Lines{"software:dummy:"});
  CHECK(lines("s:dummy:") == Lines{"software:dummy:"});
  CHECK(lines("h:*cycles") == Lines{"hardware:bus-cycles:", "hardware:cpu-cycles:",
                                    "hardware:cycles:", "hardware:ref-cycles:"});
  CHECK(lines("interval:*") ==
        Lines{"interval:hz:", "interval:ms:", "interval:s:", "interval:us:"});
  CHECK(lines("p:m*") == Lines{"profile:ms:"});
}

TEST_CASE("kernel functions have their module in fentry, and in kprobe if the pattern has one") {
  CHECK(lines("fentry:vfs_r*") == Lines{"fentry:vmlinux:vfs_read"});
  CHECK(lines("fr:vmlinux:vfs_r*") == Lines{"fexit:vmlinux:vfs_read"});
  CHECK(lines("kprobe:vfs_*") == Lines{"kprobe:vfs_read", "kprobe:vfs_write"});
  CHECK(lines("kprobe:away") == Lines{"kprobe:away"});
  CHECK(lines("k:*:away") == Lines{"kprobe:somewhere:away"});
  CHECK(lines("kr:vmlinux:vfs_w*") == Lines{"kretprobe:vmlinux:vfs_write"});
  CHECK(lines("k:rcu_*").empty());
  CHECK(lines("k:a:b:c").empty());
}

TEST_CASE("user functions are listed by file") {
  CHECK(lines("uprobe:/usr/bin/app:work*") ==
        Lines{"uprobe:/usr/bin/app:work", "uprobe:/usr/bin/app:work_more"});
  CHECK(lines("ur:app:main") == Lines{"uretprobe:/usr/bin/app:main"});
  CHECK(lines("u:/usr/bin/a*:main") == Lines{"uprobe:/usr/bin/app:main"});
  CHECK(lines("u:/usr/bin/app").size() == 7);
  CHECK(lines("u:/no/such:main").empty());
}

TEST_CASE("wildcard providers come in alphabetical order, without those that must be named") {
  CHECK(lines("*:vfs_read") == Lines{"fentry:vmlinux:vfs_read", "kprobe:vfs_read"});
  CHECK(lines("vfs_read") == lines("*:vfs_read"));
  CHECK(lines("*:sched_sw*") ==
        Lines{"rawtracepoint:vmlinux:sched_switch", "tracepoint:sched:sched_switch"});
  CHECK(lines("k*:vfs_read") == Lines{"kprobe:vfs_read"});
  const Lines all = lines("*");
  CHECK(all.front().starts_with("fentry:"));
  CHECK(all.back().starts_with("tracepoint:"));
  for (const std::string& line : all) {
    CHECK_FALSE(line.starts_with("interval"));
    CHECK_FALSE(line.starts_with("uprobe"));
  }
}

TEST_CASE("several patterns are listed one after the other") {
  CHECK(lines("t:skb:*, s:dummy,t:skb:*") ==
        Lines{"tracepoint:skb:kfree_skb", "software:dummy:", "tracepoint:skb:kfree_skb"});
}

TEST_CASE("-v shows arguments") {
  CHECK(lines("k:vfs_read", true) == Lines{"kprobe:vfs_read", "    struct file * arg0",
                                           "    char * arg1", "    size_t arg2", "    s64 * arg3"});
  CHECK(lines("kr:vfs_read", true) == Lines{"kretprobe:vfs_read", "    long retval"});
  CHECK(lines("kr:do_exit", true) == Lines{"kretprobe:do_exit", "    void"});
  CHECK(lines("fentry:do_exit", true) == Lines{"fentry:vmlinux:do_exit", "    long code"});
  CHECK(lines("fexit:do_exit", true) ==
        Lines{"fexit:vmlinux:do_exit", "    long code", "    void retval"});
  CHECK(lines("fexit:vfs_read", true).back() == "    long retval");
  // No BTF describes it.
  CHECK(lines("k:away", true) == Lines{"kprobe:away"});
  const Lines raw = lines("rt:sched_switch", true);
  REQUIRE(raw.size() > 2);
  CHECK(raw[1] == "    bool preempt");
  CHECK(raw[2] == "    struct task_struct * prev");
}

TEST_CASE("types are listed by name, with -v as definitions, each before an empty line") {
  CHECK(lines("enum frozen_*") == Lines{"enum frozen_sign", "enum frozen_wide"});
  const Lines definition = lines("struct list_head", true);
  REQUIRE(definition.size() == 2);
  CHECK(definition[0] ==
        "vmlinux: struct list_head {\n\tstruct list_head *next;\n\tstruct list_head *prev;\n};");
  CHECK(definition[1].empty());
}

TEST_CASE("an unknown provider gives a warning and nothing else") {
  const auto made = listing("hardwar:cycles");
  CHECK(made.lines.empty());
  CHECK(made.warnings == Lines{"Invalid probe type: hardwar. Did you mean 'hardware'?"});
  CHECK(listing("begin:*").warnings.empty());
}

TEST_CASE("a list of functions that cannot be read is warned of only if it was needed") {
  auto kernel = kernel::frozen_kernel("/no/such/folder");
  auto functions = list::list_patterns("kprobe:*", {*kernel, 0, false});
  REQUIRE(functions.ok());
  REQUIRE(functions->warnings.size() == 1);
  CHECK(functions->warnings[0].starts_with("Could not read functions from /no/such/folder/"));
  kernel = kernel::frozen_kernel("/no/such/folder");
  auto others = list::list_patterns("software:dummy", {*kernel, 0, false});
  REQUIRE(others.ok());
  CHECK(others->warnings.empty());
}

TEST_CASE("without tracefs tracepoints are an error if they were asked for, else a warning") {
  auto kernel = kernel::frozen_kernel("/no/such/folder");
  CHECK_FALSE(list::list_patterns("tracepoint:*", {*kernel, 0, false}).ok());
  auto all = list::list_patterns("*", {*kernel, 0, false});
  REQUIRE(all.ok());
  CHECK_FALSE(all->lines.empty());
  CHECK(all->warnings.size() >= 2);
}
