// What the machine code looks like where speed depends on it: which helpers are called, and how
// many instructions the shortest programs have.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "unit/codegen/compiled.h"

using namespace gimlet;
using codegen_tests::compile;

namespace {

// Numbers of enum bpf_func_id.
constexpr int kLookup = 1, kUpdate = 2, kCpu = 8, kPidTgid = 14, kReadKernel = 113;
constexpr int kReadUserStr = 114, kOutput = 130, kReserve = 131, kSubmit = 132, kTaskBtf = 158;

constexpr const char* kOpenat = "tracepoint:syscalls:sys_enter_openat ";

using Numbers = std::vector<int>;

}  // namespace

TEST_CASE("a scalar count is one load, add and store in this CPU's slot") {
  auto code = compile(std::string(kOpenat) + "{ @ = count(); }");
  REQUIRE(code.image);
  CHECK(code.helpers() == Numbers{kCpu});
  CHECK(code.instructions().size() <= 12);
  CHECK(code.occurrences("lock") == 0);
}

TEST_CASE("counts of programs that interrupt each other are atomic") {
  auto code = compile(std::string(kOpenat) + "{ @ = count(); }",
                      [](ast::TypedProgram& program) { program.maps[0].atomic = true; });
  CHECK(code.occurrences("lock") == 1);
}

TEST_CASE("a rejecting predicate on comm calls one helper and stores nothing") {
  auto code = compile(std::string(kOpenat) + "/comm == \"x\"/ { @ = count(); }");
  REQUIRE(code.image);
  CHECK(code.helpers() == Numbers{kTaskBtf, kCpu});
  auto instructions = code.instructions();
  REQUIRE(instructions.size() > 4);
  size_t branch = 0;
  while (branch < instructions.size() && !instructions[branch].starts_with("if")) branch++;
  CHECK(branch <= 4);
}

TEST_CASE("a predicate does not pay for what the body needs") {
  auto code = compile(std::string(kOpenat) + "/pid == 1/ { @ = count(); }");
  CHECK(code.helpers() == Numbers{kPidTgid, kCpu});
}

TEST_CASE("a keyed count looks up, and inserts on a miss") {
  auto code = compile(std::string(kOpenat) + "{ @[comm] = count(); }");
  auto helpers = code.helpers();
  REQUIRE(helpers.size() >= 4);
  CHECK(Numbers(helpers.begin(), helpers.begin() + 4) ==
        Numbers{kTaskBtf, kLookup, kUpdate, kLookup});
}

TEST_CASE("fields of the current task are read without probe_read") {
  auto code = compile("begin { @ = curtask->tgid; }");
  REQUIRE(code.image);
  CHECK(code.helpers() == Numbers{kTaskBtf});
  auto cast = compile("begin { @ = ((struct task_struct *)1234)->tgid; }");
  CHECK(cast.helpers() == Numbers{4});
}

TEST_CASE("a record of fixed size is built in place") {
  auto code = compile("begin { printf(\"%d %s\\n\", pid, comm); }");
  auto helpers = code.helpers();
  REQUIRE(helpers.size() >= 5);
  CHECK(Numbers(helpers.begin(), helpers.begin() + 5) ==
        Numbers{kPidTgid, kReserve, kCpu, kTaskBtf, kSubmit});
}

TEST_CASE("long strings are read straight into the tail of a record") {
  auto code = compile(std::string(kOpenat) + "{ printf(\"%s\\n\", str(args.filename)); }");
  REQUIRE(code.image);
  auto helpers = code.helpers();
  CHECK(std::count(helpers.begin(), helpers.end(), kReadUserStr) == 1);
  CHECK(std::count(helpers.begin(), helpers.end(), kOutput) == 1);
  CHECK(std::count(helpers.begin(), helpers.end(), kReserve) == 0);
}

TEST_CASE("only tracepoint programs return 1") {
  CHECK(compile(std::string(kOpenat) + "{ }").instructions() ==
        std::vector<std::string>{"r0 = 1", "exit"});
  CHECK(compile("begin { }").instructions() == std::vector<std::string>{"r0 = 0", "exit"});
  // What a script returns is nothing to the kernel.
  CHECK(compile("begin { return 7; }").instructions() ==
        std::vector<std::string>{"r0 = 0", "exit"});
}

TEST_CASE("with a target process, tracepoints look at it first") {
  auto code = compile(std::string(kOpenat) + "{ @ = count(); }",
                      [](ast::TypedProgram& program) { program.target_pid = 77; });
  CHECK(code.helpers() == Numbers{kPidTgid, kCpu});
  auto timer = compile("interval:s:1 { @ = count(); }",
                       [](ast::TypedProgram& program) { program.target_pid = 77; });
  CHECK(timer.helpers() == Numbers{kCpu});
}
