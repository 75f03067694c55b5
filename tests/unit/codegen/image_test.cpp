// The plans that go with the code, and what is refused.
#include <catch2/catch_test_macros.hpp>

#include "unit/codegen/compiled.h"

using namespace gimlet;
using codegen_tests::compile;

TEST_CASE("every program has a section of its own, in source order") {
  auto code = compile("interval:s:1 { @ = 1; } begin { @ = 2; }");
  REQUIRE(code.image);
  REQUIRE(code.image->programs.size() == 2);
  CHECK(code.image->programs[0].provider == ast::ProviderId::Interval);
  for (const auto& program : code.image->programs) {
    CHECK(program.section == "gimlet/" + program.name);
    CHECK(code.assembly.find(program.section) != std::string::npos);
  }
  REQUIRE(code.image->object.size() > 4);
  CHECK(code.image->object[1] == 'E');
}

TEST_CASE("failures add events behind the program's own") {
  auto code = compile("begin { $z = pid; print(1 / $z); @a[$z] = 1; @a[$z + 1] = 1; }");
  REQUIRE(code.image);
  const auto& events = code.image->events;
  REQUIRE(events.size() == 4);
  CHECK(events[0].kind == ast::EventKind::PrintValue);
  CHECK(events[1].kind == ast::EventKind::RuntimeError);
  CHECK(events[1].format.starts_with("Divide or modulo by 0 detected."));
  CHECK(events[2].kind == ast::EventKind::HelperError);
  CHECK(events[2].format == "map_update_elem");
  CHECK(events[2].fields.size() == 1);
  CHECK(events[2].range.begin != events[3].range.begin);
}

TEST_CASE("failed reads are reported only when asked for") {
  const char* text = "begin { @ = ((struct task_struct *)1234)->tgid; }";
  CHECK(compile(text).image->events.empty());
  auto asked = compile(text, [](ast::TypedProgram& p) { p.config.report_failed_reads = true; });
  REQUIRE(asked.image->events.size() == 1);
  CHECK(asked.image->events[0].format == "probe_read");
}

TEST_CASE("the per-CPU area holds counters, the guard, then scratch memory") {
  auto small = compile("begin { printf(\"%d\\n\", pid); }");
  const auto& area = small.image->cpu_area;
  CHECK(area.skipped_offset == 8 * small.image->events.size());
  CHECK(area.scratch_offset == area.skipped_offset + 16);
  CHECK(area.stride % 64 == 0);
  CHECK(area.stride >= area.scratch_offset);
  auto large = compile("begin { @[str(nsecs)] = 1; }");
  CHECK(large.image->cpu_area.stride >= large.image->cpu_area.scratch_offset + 1024);
}

TEST_CASE("programs that cannot overlap share scratch memory") {
  auto one = compile("interval:s:1 { @[str(nsecs)] = 1; }");
  auto two = compile("interval:s:1 { @[str(nsecs)] = 1; } interval:s:2 { @[str(nsecs)] = 1; }");
  auto own = compile("begin { @[str(nsecs)] = 1; } end { @[str(nsecs)] = 1; }");
  CHECK(two.image->cpu_area.stride < one.image->cpu_area.stride + 1024);
  CHECK(own.image->cpu_area.stride >= one.image->cpu_area.stride + 1024);
}

TEST_CASE("user probes with scratch memory guard it against their own preemption") {
  auto code = compile("uprobe:/usr/bin/app:main { @[str(arg0)] = count(); }");
  REQUIRE(code.image);
  CHECK(code.ir.find("atomicrmw xchg") != std::string::npos);
  CHECK(code.ir.find("skip:") != std::string::npos);
  auto plain = compile("uprobe:/usr/bin/app:main { @ = count(); }");
  CHECK(plain.ir.find("skip:") == std::string::npos);
}

TEST_CASE("what is not supported names its place") {
  auto code = compile("tracepoint:sched:sched_switch {\n  $a = (1, args);\n}");
  REQUIRE_FALSE(code.image);
  CHECK(code.image.error().message ==
        "stdin:2:12-16: args as a whole is not supported yet: use one of its fields");
}

TEST_CASE("large values do not end up on the stack") {
  std::string text = "begin { ";
  for (int i = 0; i < 40; i++) text += "$s" + std::to_string(i) + " = comm; ";
  for (int i = 0; i < 40; i++) text += "@[$s" + std::to_string(i) + "] = 1; ";
  auto code = compile(text + "}");
  if (!code.image) FAIL(code.image.error().message);
  CHECK(code.image->cpu_area.stride > 40 * 8);
}
