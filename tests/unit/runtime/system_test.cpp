// What is read from the system, on texts of known content; and children, which need no rights.
#include <poll.h>
#include <sys/wait.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "runtime/child.h"
#include "runtime/clock_text.h"
#include "runtime/cpus.h"
#include "runtime/kernel_symbols.h"
#include "runtime/ring.h"
#include "runtime/symbol_table.h"
#include "runtime/user_symbols.h"
#include "runtime/verifier_log.h"

using namespace gimlet;
using namespace gimlet::runtime;

TEST_CASE("Commands are split on single blanks", "[runtime][child]") {
  CHECK(split_command("/bin/echo a  b") == std::vector<std::string>{"/bin/echo", "a", "", "b"});
  CHECK(split_command("x") == std::vector<std::string>{"x"});
}

TEST_CASE("A missing program is refused in the expected words", "[runtime][child]") {
  auto child = Child::create("./no-such-program now");
  REQUIRE_FALSE(child);
  CHECK(child.error().message ==
        "Failed to fork child: Path './no-such-program' does not exist or is not executable (No "
        "such file or directory)");
  CHECK(child.error().exit_status == 1);
}

TEST_CASE("A child waits for its release", "[runtime][child]") {
  auto child = Child::create("/bin/false");
  REQUIRE(child);
  CHECK_FALSE((*child)->reap());
  REQUIRE((*child)->release().ok());
  pollfd entry{(*child)->pidfd(), POLLIN, 0};
  REQUIRE(poll(&entry, 1, 5000) == 1);
  REQUIRE((*child)->reap());
  CHECK(WEXITSTATUS(*(*child)->wait_status()) == 1);
}

TEST_CASE("A child that was never released, or is slow, ends at once", "[runtime][child]") {
  auto start = std::chrono::steady_clock::now();
  auto never = Child::create("/bin/sleep 60");
  REQUIRE(never);
  (*never)->terminate();
  CHECK((*never)->wait_status());
  auto slow = Child::create("/bin/sleep 60");
  REQUIRE(slow);
  REQUIRE((*slow)->release().ok());
  (*slow)->terminate();
  CHECK(WTERMSIG(*(*slow)->wait_status()) == SIGTERM);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
}

TEST_CASE("CPU lists", "[runtime][system]") {
  CHECK(parse_cpu_list("0-3,8\n") == std::vector<int>{0, 1, 2, 3, 8});
  CHECK(parse_cpu_list("").empty());
  CHECK(parse_cpu_list("0,x") == std::vector<int>{0});
  CHECK(parse_cpu_list("0-999999999999").empty());
}

TEST_CASE("The ring is as large as asked for, or as memory allows", "[runtime][system]") {
  CHECK(ring_bytes(1, 2) == 2 * 4096);
  CHECK(ring_bytes(5, 2) == 8 * 4096);
  size_t automatic = ring_bytes(0, 2);
  CHECK(automatic >= 256 * 1024);
  CHECK(automatic <= 16 * 1024 * 1024);
  CHECK((automatic & (automatic - 1)) == 0);
}

TEST_CASE("Kernel symbols by address", "[runtime][symbols]") {
  KernelSymbols symbols;
  symbols.find(0);  // so that later questions do not read the system's table
  symbols.parse(
      "0000000000000000 A fixed\nffffffff81000000 T _text\nffffffff81000100 t vfs_read\n"
      "ffffffff81000100 T alias\nffffffff81000200 D data\nffffffff81000300 t mod_fn\t[mod]\n");
  CHECK(symbols.find(0xffffffff81000104)->name == "vfs_read");
  CHECK(symbols.find(0xffffffff81000104)->offset == 4);
  CHECK(symbols.find(0xffffffff81000250)->name == "vfs_read");
  CHECK(symbols.find(0xffffffff81000301)->name == "mod_fn");
  CHECK_FALSE(symbols.find(0x1000));
}

TEST_CASE("Executable mappings of a process", "[runtime][symbols]") {
  auto mappings = parse_mappings(
      "00400000-00401000 r--p 00000000 08:01 12 /bin/a\n"
      "00401000-00402000 r-xp 00001000 08:01 12    /bin/a b (deleted)\n"
      "7f0000000000-7f0000001000 rwxp 00000000 00:00 0 \n"
      "broken line\n"
      "7ffd00000000-7ffd00002000 r-xp 00000000 00:00 0                  [vdso]\n");
  REQUIRE(mappings.size() == 2);
  CHECK(mappings[0].path == "/bin/a b");
  CHECK(mappings[0].begin == 0x401000);
  CHECK(mappings[0].file_offset == 0x1000);
  CHECK(mappings[1].path == "[vdso]");
}

namespace {
__attribute__((noinline)) int landmark(int x) { return x * 7; }
}  // namespace

TEST_CASE("The symbols of this very process", "[runtime][symbols]") {
  UserSymbols symbols(SymbolOptions{});
  auto address = reinterpret_cast<uint64_t>(&landmark);
  auto symbol = symbols.find(static_cast<uint64_t>(getpid()), address + 1);
  REQUIRE(symbol);
  CHECK(symbol->name.find("landmark(int)") != std::string::npos);
  CHECK(symbol->offset == 1);
  CHECK_FALSE(symbols.find(static_cast<uint64_t>(getpid()), 1));
  CHECK(SymbolTable::read("/no/such/file").build_id().empty());
}

TEST_CASE("Times as text", "[runtime][time]") {
  setenv("TZ", "UTC", 1);
  tzset();
  CHECK(timestamp_text("%H:%M:%S.%f %l %k %%f", 3661'123456789, ast::Clock::Tai, 0, 64) ==
        "01:01:01.123456 123 123456789 %f");
  CHECK(timestamp_text("%s", 1'000'000'000, ast::Clock::Boot, 5'000'000'000, 64) == "6");
  CHECK(timestamp_text("%s", 999'999'999, ast::Clock::Tai, 0, 64) == "(?)");
  CHECK(timestamp_text("", 5'000'000'000, ast::Clock::Tai, 0, 64) == "(?)");
  CHECK(time_text("%Y", 0) == "1970");
  CHECK_FALSE(time_text(std::string(64, 'x'), 0));
}

TEST_CASE("The verifier's complaint and its line", "[runtime][verifier]") {
  VerifierComplaint with_number = read_verifier_log(
      "0: R1=ctx() R10=fp0\n; @n = 1; @ script.bt:2\n0: (b7) r0 = 0\n"
      "; return *v; @ script.bt:3\n5: (79) r0 = *(u64 *)(r0 +0)\n"
      "R0 invalid mem access 'map_value_or_null'\nprocessed 6 insns (limit 1000000)\n");
  CHECK(with_number.sentence == "R0 invalid mem access 'map_value_or_null'");
  CHECK(with_number.line == 3);
  CHECK(with_number.source_text == "return *v;");

  base::SourceSet sources;
  sources.add("script.bt", "begin {\n  @n = 1;\n  return *v;\n}\n");
  base::SourceRange probe{0, 0, 34};
  base::SourceRange place = locate(with_number, sources, probe);
  CHECK(sources.text(place) == "return *v;");

  VerifierComplaint by_text = read_verifier_log(
      "; return *v;\n5: (79) r0 = *(u64 *)(r0 +0)\nR0 invalid mem access 'scalar'\n");
  CHECK_FALSE(by_text.line);
  CHECK(sources.text(locate(by_text, sources, probe)) == "return *v;");
  CHECK(locate(read_verifier_log("unreachable insn 5\n"), sources, probe) == probe);
}

TEST_CASE("An endless loop is marked where it begins again", "[runtime][verifier]") {
  VerifierComplaint loop = read_verifier_log(
      "; while (1) { @ script.bt:2\n2: (b7) r2 = 1 ; R2_w=1\n"
      "; @++; @ script.bt:3\n3: (07) r3 += 1 ; R3_w=scalar()\n"
      "; while (1) { @ script.bt:2\n4: (05) goto pc-3\n2: R1_w=ctx() R10=fp0\n"
      "; @++; @ script.bt:3\n3: (07) r3 += 1\n"
      "infinite loop detected at insn 2\n"
      "cur state: R1_w=ctx() R2_w=1 R10=fp0\nold state: R1=ctx() R2_rw=P1 R10=fp0\n"
      "R1=ctx() R10=fp0\nprocessed 18 insns (limit 1000000)\n");
  CHECK(loop.sentence == "infinite loop detected at insn 2");
  CHECK(loop.line == 2);
  CHECK(loop.source_text == "while (1) {");
  CHECK(read_verifier_log("R1 !read_ok\n").sentence == "R1 !read_ok");
}
