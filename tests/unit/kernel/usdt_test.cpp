// USDT notes: the argument strings of both machines, and whole files.
#include <catch2/catch_test_macros.hpp>

#include "kernel/usdt_arguments.h"
#include "kernel/usdt_notes.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;
using ast::UsdtArgument;
using Form = UsdtArgument::Form;
using kernel::UsdtMachine;

namespace {

std::optional<int64_t> distance(std::string_view symbol) {
  if (symbol == "near") return -16;
  if (symbol == "far.1") return 0x10000;
  return std::nullopt;
}

UsdtArgument x86(std::string_view text) {
  auto all = kernel::parse_usdt_arguments(text, UsdtMachine::X86_64, distance);
  REQUIRE(all.size() == 1);
  return all[0];
}

UsdtArgument arm(std::string_view text) {
  auto all = kernel::parse_usdt_arguments(text, UsdtMachine::Arm64, distance);
  REQUIRE(all.size() == 1);
  return all[0];
}

UsdtArgument constant(uint8_t size, bool is_signed, int64_t number) {
  return {Form::Constant, size, is_signed, "", 0, "", 1, number};
}
UsdtArgument in_register(uint8_t size, bool is_signed, const char* name, uint8_t shift = 0) {
  return {Form::Register, size, is_signed, name, shift, "", 1, 0};
}
UsdtArgument memory(uint8_t size, bool is_signed, const char* base, int64_t offset,
                    const char* index = "", uint8_t scale = 1) {
  return {Form::Memory, size, is_signed, base, 0, index, scale, offset};
}

}  // namespace

TEST_CASE("x86_64 operands of markers") {
  CHECK(x86("-4@$-7") == constant(4, true, -7));
  CHECK(x86("8@$0x10") == constant(8, false, 16));
  CHECK(x86("8@$18446744073709551615") == constant(8, false, -1));
  CHECK(x86("8@%rax") == in_register(8, false, "ax"));
  CHECK(x86("-4@%edi") == in_register(4, true, "di"));
  CHECK(x86("2@%bp") == in_register(2, false, "bp"));
  CHECK(x86("1@%sil") == in_register(1, false, "si"));
  CHECK(x86("-1@%ch") == in_register(1, true, "cx", 8));
  CHECK(x86("4@%r15d") == in_register(4, false, "r15"));
  CHECK(x86("1@%r8b") == in_register(1, false, "r8"));
  CHECK(x86("-8@-24(%rbp)") == memory(8, true, "bp", -24));
  CHECK(x86("4@(%r12)") == memory(4, false, "r12", 0));
  CHECK(x86("8@16(%rsp,%rcx,8)") == memory(8, false, "sp", 16, "cx", 8));
  CHECK(x86("8@(%rdx,%rax)") == memory(8, false, "dx", 0, "ax", 1));
  CHECK(x86("4@64(,%rax,4)") == memory(4, false, "", 64, "ax", 4));
  CHECK(x86("4@near(%rip)") == memory(4, false, "ip", -16));
  CHECK(x86("4@near+4(%rip)") == memory(4, false, "ip", -12));
  CHECK(x86("4@8+far.1(%rip)") == memory(4, false, "ip", 0x10008));
  for (const char* bad : {"8@%xmm0", "3@%rax", "%rax", "8@", "8@%r16", "8@%r7", "8@4(%rip)",
                          "8@gone(%rip)", "8@near(%rax)", "8@(%rax,%rbx,3)", "8@(%rax", "8@$x",
                          "8@1(2)(%rax)", "8@(%ah)", "-@%rax", "8@$99999999999999999999"}) {
    CAPTURE(bad);
    CHECK(x86(bad).form == Form::Unknown);
  }
}

TEST_CASE("arm64 operands of markers") {
  CHECK(arm("-4@5") == constant(4, true, 5));
  CHECK(arm("8@-1") == constant(8, false, -1));
  CHECK(arm("4@wzr") == constant(4, false, 0));
  CHECK(arm("8@x0") == in_register(8, false, "r0"));
  CHECK(arm("-4@w19") == in_register(4, true, "r19"));
  CHECK(arm("8@sp") == in_register(8, false, "sp"));
  CHECK(arm("8@[x29]") == memory(8, false, "r29", 0));
  CHECK(arm("-4@[sp, 60]") == memory(4, true, "sp", 60));
  CHECK(arm("4@[x0,-8]") == memory(4, false, "r0", -8));
  CHECK(arm("4@[x0, x1]") == memory(4, false, "r0", 0, "r1", 1));
  CHECK(arm("8@[x0, x1, lsl 3]") == memory(8, false, "r0", 0, "r1", 8));
  for (const char* bad : {"8@x31", "8@[x0", "8@[q0]", "8@[x0, w1]", "8@d0", "8@[x0, x1, lsl 9]"}) {
    CAPTURE(bad);
    CHECK(arm(bad).form == Form::Unknown);
  }
}

TEST_CASE("strings of several arguments") {
  auto all =
      kernel::parse_usdt_arguments("-4@[sp, 60] 8@x1  4@[x2] q", UsdtMachine::Arm64, distance);
  REQUIRE(all.size() == 4);
  CHECK(all[0] == memory(4, true, "sp", 60));
  CHECK(all[1] == in_register(8, false, "r1"));
  CHECK(all[2] == memory(4, false, "r2", 0));
  CHECK(all[3].form == Form::Unknown);
  CHECK(kernel::parse_usdt_arguments("", UsdtMachine::X86_64, distance).empty());
  std::string many;
  for (int i = 0; i < 20; i++) many += "8@%rax ";
  CHECK(kernel::parse_usdt_arguments(many, UsdtMachine::X86_64, distance).size() == 12);
}

TEST_CASE("a file without notes has no markers, and no file is an error") {
  auto none = kernel::read_usdt_markers("/proc/self/exe");
  REQUIRE(none.ok());
  CHECK_FALSE(kernel::read_usdt_markers("/no/such/file").ok());
  TemporaryFile text("not ELF");
  CHECK_FALSE(kernel::read_usdt_markers(text.path()).ok());
}

TEST_CASE("damaged notes are left out") {
  // This program's own bytes, cut and overwritten: never a crash, whatever comes out.
  const char* library = "/usr/lib/x86_64-linux-gnu/libstdc++.so.6";
  need_file(library);
  const std::string whole = content_of(library);
  auto markers = kernel::read_usdt_markers(library);
  REQUIRE(markers.ok());
  if (markers->empty()) SKIP("this libstdc++ has no markers");
  const size_t notes = whole.find("stapsdt");
  REQUIRE(notes != std::string::npos);
  for (size_t i = 0; i < 96; i += 3) {
    std::string bytes = whole;
    bytes[notes - 12 + i] = static_cast<char>(0xff);
    TemporaryFile damaged(bytes);
    auto read = kernel::read_usdt_markers(damaged.path());
    if (read.ok()) CHECK(read->size() <= markers->size() + 1);
  }
}
