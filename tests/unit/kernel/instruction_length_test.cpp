// Lengths of x86 instructions, against objdump on real libraries and on bytes written out.
#include "kernel/instruction_length.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "kernel/go_functions.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;

namespace {

uint32_t length(std::initializer_list<uint8_t> bytes) {
  return kernel::x86_instruction_length({bytes.begin(), bytes.size()});
}

struct Disassembly {
  size_t instructions = 0, wrong = 0;
  std::string first_wrong;
};

// objdump writes "  ADDRESS:<tab>BYTES<tab>TEXT".
Disassembly compare(const std::string& path) {
  Disassembly result;
  FILE* pipe = ::popen(("objdump -d -w --insn-width=16 -z " + path + " 2>/dev/null").c_str(), "r");
  if (!pipe) return result;
  char line[4096];
  while (std::fgets(line, sizeof line, pipe)) {
    char* tab = std::strchr(line, '\t');
    char* second = tab ? std::strchr(tab + 1, '\t') : nullptr;
    if (!second || std::strstr(second, "(bad)") || std::strstr(second, ".byte")) continue;
    *second = '\0';
    std::vector<uint8_t> bytes;
    unsigned value = 0;
    int taken = 0;
    for (char* at = tab + 1; at < second && std::sscanf(at, "%2x%n", &value, &taken) == 1;
         at += taken) {
      bytes.push_back(static_cast<uint8_t>(value));
    }
    // A prefix that objdump shows on a line of its own.
    if (bytes.size() == 1 && (bytes[0] & 0xf0) == 0x40) continue;
    // fwait and what follows it, shown as one.
    if (!bytes.empty() && bytes[0] == 0x9b) continue;
    result.instructions++;
    const uint32_t found = kernel::x86_instruction_length(bytes);
    if (found == bytes.size()) continue;
    result.wrong++;
    if (result.first_wrong.empty()) result.first_wrong = line;
  }
  ::pclose(pipe);
  return result;
}

}  // namespace

TEST_CASE("lengths of x86 instructions") {
  CHECK(length({0x90}) == 1);
  CHECK(length({0xf3, 0x0f, 0x1e, 0xfa}) == 4);                        // endbr64
  CHECK(length({0x55}) == 1);                                          // push %rbp
  CHECK(length({0x48, 0x89, 0xe5}) == 3);                              // mov %rsp,%rbp
  CHECK(length({0x48, 0x83, 0xec, 0x10}) == 4);                        // sub $16,%rsp
  CHECK(length({0x48, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8}) == 10);           // movabs
  CHECK(length({0xb8, 1, 2, 3, 4}) == 5);                              // mov $x,%eax
  CHECK(length({0x66, 0xb8, 1, 2}) == 4);                              // mov $x,%ax
  CHECK(length({0xe8, 1, 2, 3, 4}) == 5);                              // call
  CHECK(length({0x0f, 0x84, 1, 2, 3, 4}) == 6);                        // je
  CHECK(length({0xff, 0x25, 1, 2, 3, 4}) == 6);                        // jmp *x(%rip)
  CHECK(length({0xf6, 0x45, 0xfc, 0x01}) == 4);                        // testb $1,-4(%rbp)
  CHECK(length({0xf7, 0xd8}) == 2);                                    // neg %eax
  CHECK(length({0x8b, 0x04, 0x25, 1, 2, 3, 4}) == 7);                  // mov x,%eax
  CHECK(length({0xc5, 0xf8, 0x77}) == 3);                              // vzeroupper
  CHECK(length({0xc4, 0xe3, 0x7d, 0x39, 0xc1, 0x01}) == 6);            // vextracti128
  CHECK(length({0x62, 0xf1, 0x7c, 0x48, 0x10, 0x07}) == 6);            // vmovups zmm
  CHECK(length({0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0}) == 10);  // nopw
}

TEST_CASE("bytes that are no whole instruction have no length") {
  CHECK(length({}) == 0);
  CHECK(length({0x66}) == 0);
  CHECK(length({0x0f}) == 0);
  CHECK(length({0xe8, 1, 2}) == 0);
  CHECK(length({0x06}) == 0);
  for (int byte = 0; byte < 256; byte++) {
    std::vector<uint8_t> code(40, static_cast<uint8_t>(byte));
    CHECK(kernel::x86_instruction_length(code) <= 15);
  }
}

TEST_CASE("objdump and this agree on libraries") {
#if !defined(__x86_64__)
  SKIP("the libraries here are of another machine");
#endif
  if (std::system("objdump --version > /dev/null 2>&1") != 0) SKIP("no objdump");
  for (const char* path : {"/lib/x86_64-linux-gnu/libc.so.6", "/usr/bin/python3.11",
                           "/lib/x86_64-linux-gnu/libm.so.6"}) {
    if (::access(path, R_OK) != 0) continue;
    const Disassembly seen = compare(path);
    INFO(path << ": " << seen.first_wrong);
    CHECK(seen.instructions > 10'000);
    CHECK(seen.wrong == 0);
  }
}

TEST_CASE("Go's look for room on the stack") {
  auto length = [](std::vector<uint8_t> code) { return kernel::stack_check_length(code); };
  // cmp 0x10(%r14),%rsp; jbe, near and far
  CHECK(length({0x49, 0x3b, 0x66, 0x10, 0x76, 0x2a, 0x48, 0x83, 0xec, 0x10}) == 6);
  CHECK(length({0x49, 0x3b, 0x66, 0x10, 0x0f, 0x86, 0xef, 0, 0, 0, 0x48, 0x83}) == 10);
  // lea -0x1a8(%rsp),%r12; cmp 0x10(%r14),%r12; jbe
  CHECK(length({0x4c, 0x8d, 0xa4, 0x24, 0x58, 0xfe, 0xff, 0xff, 0x4d, 0x3b, 0x66, 0x10, 0x76, 0x2a,
                0x90}) == 14);
  // A function without: add, ret; a comparison with another place; an end in the middle.
  CHECK(length({0x48, 0x01, 0xd8, 0xc3}) == 0);
  CHECK(length({0x49, 0x3b, 0x66, 0x20, 0x76, 0x2a, 0x90}) == 0);
  CHECK(length({0x49, 0x3b, 0x66, 0x10, 0x75, 0x2a, 0x90}) == 0);
  CHECK(length({0x49, 0x3b, 0x66}) == 0);
  CHECK(length({}) == 0);
}
