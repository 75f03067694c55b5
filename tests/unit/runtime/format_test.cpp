#include "runtime/format.h"

#include <catch2/catch_test_macros.hpp>

using namespace gimlet;
using namespace gimlet::runtime;

namespace {

std::string formatted(std::string_view format, std::vector<Value> values) {
  std::string out;
  append_formatted(out, ast::parse_format(format), values);
  return out;
}

}  // namespace

TEST_CASE("Integers are cut to 32 bits without a length", "[runtime][format]") {
  CHECK(formatted("%d", {{int64_t{5000000000}}}) == "705032704");
  CHECK(formatted("%ld", {{int64_t{5000000000}}}) == "5000000000");
  CHECK(formatted("%x", {{int64_t{-1}}}) == "ffffffff");
  CHECK(formatted("%lx", {{int64_t{-1}}}) == "ffffffffffffffff");
  CHECK(formatted("%hhd %hu", {{int64_t{511}}, {int64_t{65537}}}) == "-1 1");
  CHECK(formatted("%#x %#o %#X %#x",
                  {{uint64_t{255}}, {uint64_t{8}}, {uint64_t{255}}, {uint64_t{0}}}) ==
        "0xff 010 0XFF 0");
  CHECK(formatted("%+d %+d", {{int64_t{5}}, {int64_t{-5}}}) == "+5 -5");
}

TEST_CASE("Padding goes to one side, zeros included", "[runtime][format]") {
  CHECK(formatted("%05d", {{int64_t{-42}}}) == "00-42");
  CHECK(formatted("%-08x|", {{uint64_t{0xabc}}}) == "abc00000|");
  CHECK(
      formatted("%6s|%-6s|%06s", {{std::string("ab")}, {std::string("ab")}, {std::string("ab")}}) ==
      "    ab|ab    |0000ab");
}

TEST_CASE("Pointers, characters, percent signs", "[runtime][format]") {
  CHECK(formatted("%p %p", {{Pointer{0}}, {Pointer{0xffff}}}) == "0 0xffff");
  CHECK(formatted("%c%c", {{uint64_t{'o'}}, {uint64_t{'k'}}}) == "ok");
  CHECK(formatted("100%% of %s%", {{true}}) == "100% of true%");
}

TEST_CASE("Buffers in three styles", "[runtime][format]") {
  Value buffer{Bytes{"a\n"}};
  CHECK(formatted("%r", {buffer}) == "a\\x0a");
  CHECK(formatted("%rx", {buffer}) == "\\x61\\x0a");
  CHECK(formatted("%rh", {buffer}) == "61 0a");
}

TEST_CASE("%s prints every kind of value", "[runtime][format]") {
  CHECK(formatted("%s", {{TupleValue{{{int64_t{1}}, {std::string("a")}}}}}) == "(1, a)");
  CHECK(formatted("%s %d", {{EnumValue{"RED", 7}}, {EnumValue{"RED", 7}}}) == "RED 7");
}

TEST_CASE("What cannot be converted says so in place", "[runtime][format]") {
  CHECK(formatted("%d|", {{std::string("x")}}) == "!{invalid integer conversion: x}|");
  CHECK(formatted("%d", {}) == "!{missing argument}");
}

TEST_CASE("Allocation flags by name", "[runtime][format]") {
  CHECK(ast::gfp_text(0) == "0");
  CHECK(ast::gfp_text(0xcc0) == "GFP_KERNEL");
  CHECK(ast::gfp_text(0xdc0) == "GFP_KERNEL|__GFP_ZERO");
  CHECK(ast::gfp_text(0x8) == "0x8");
}
