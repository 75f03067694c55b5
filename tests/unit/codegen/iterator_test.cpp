// Code of iterators' programs: printf goes to the kernel, in pieces that it takes.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "unit/codegen/compiled.h"

using namespace gimlet;
using codegen_tests::compile;
using codegen_tests::Compiled;

namespace {

constexpr int kSeqPrintf = 126;
constexpr int kSeqWrite = 127;
constexpr int kReserve = 131;
constexpr int kDiscard = 133;

auto calls(const Compiled& code, int helper) {
  auto helpers = code.helpers();
  return std::count(helpers.begin(), helpers.end(), helper);
}

}  // namespace

TEST_CASE("a printf is one call of the kernel's") {
  auto code = compile("iter:task { printf(\"%d %s of 100%%\\n\", ctx.task.pid, \"a\"); }");
  REQUIRE(code.image);
  CHECK(calls(code, kSeqPrintf) == 1);
  CHECK(calls(code, kSeqWrite) == 0);
}

TEST_CASE("text alone is written as it is") {
  auto code = compile("iter:task { printf(\"100%%\\n\"); }");
  REQUIRE(code.image);
  CHECK(calls(code, kSeqPrintf) == 0);
  CHECK(calls(code, kSeqWrite) == 1);
}

TEST_CASE("more than twelve values are two calls") {
  auto code = compile(
      "iter:task { printf(\"%d %d %d %d %d %d %d %d %d %d %d %d %d\\n\", "
      "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13); }");
  REQUIRE(code.image);
  CHECK(calls(code, kSeqPrintf) == 2);
}

TEST_CASE("bytes that the kernel takes in no format are written apart") {
  auto code = compile("iter:task { printf(\"%d \xc3\xa9 %d\\n\", 1, 2); }");
  REQUIRE(code.image);
  CHECK(calls(code, kSeqPrintf) == 2);
  CHECK(calls(code, kSeqWrite) == 1);
}

TEST_CASE("a record that was begun is given back where a null pointer ends the call") {
  auto code = compile("iter:task { print((ctx.task.pid, 1)); }");
  REQUIRE(code.image);
  CHECK(calls(code, kReserve) == 1);
  CHECK(calls(code, kDiscard) == 1);
  // Numbers are there before the record.
  auto number = compile("iter:task { print(ctx.task.pid); }");
  REQUIRE(number.image);
  CHECK(calls(number, kDiscard) == 0);
}
