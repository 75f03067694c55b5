// Unit tests of base: sources, diagnostics, suggestions, wildcards, the integer reader.
#include <catch2/catch_test_macros.hpp>

#include "base/diagnostics.h"
#include "base/glob.h"
#include "base/integer.h"
#include "base/source.h"
#include "base/suggest.h"

using namespace gimlet::base;

TEST_CASE("positions are 1-based lines and byte columns") {
  SourceFile file("x.bt", "ab\ncd\n\nef");
  CHECK(file.position(0) == Position{1, 1});
  CHECK(file.position(2) == Position{1, 3});
  CHECK(file.position(3) == Position{2, 1});
  CHECK(file.position(6) == Position{3, 1});
  CHECK(file.position(8) == Position{4, 2});
  CHECK(file.position(1000) == Position{4, 3});
  CHECK(file.line(2) == "cd");
  CHECK(file.line(3).empty());
  CHECK(file.line(4) == "ef");
  CHECK(file.line(9).empty());
}

TEST_CASE("a diagnostic shows its place, the line and a marker") {
  SourceSet sources;
  std::string text = "interval:s:1 { $x = 1 + 2 * $y; }";
  FileId file = sources.add("stdin", text);
  Diagnostics diagnostics;
  auto at = static_cast<uint32_t>(text.find("$y"));
  diagnostics.warning({file, 0, 8}, "later");
  diagnostics.error({file, at, at + 2}, "Undefined or undeclared variable: $y").hint("try $x");
  CHECK(show(sources, diagnostics) ==
        "stdin:1:29-31: ERROR: Undefined or undeclared variable: $y\n"
        "interval:s:1 { $x = 1 + 2 * $y; }\n"
        "                            ~~\n"
        "HINT: try $x\n"
        "stdin:1:1-9: WARNING: later\n"
        "interval:s:1 { $x = 1 + 2 * $y; }\n"
        "~~~~~~~~\n");
  CHECK(show(sources, diagnostics, {false, false}).find("WARNING") == std::string::npos);
}

TEST_CASE("a tab is echoed as four blanks and marked by four marks") {
  SourceSet sources;
  FileId file = sources.add("t.bt", "\tx\t= 1");
  Diagnostics diagnostics;
  diagnostics.error({file, 1, 3}, "m");
  CHECK(show(sources, diagnostics) ==
        "t.bt:1:2-4: ERROR: m\n"
        "    x    = 1\n"
        "    ~~~~~\n");
}

TEST_CASE("a span over several lines shows the lines without a marker") {
  SourceSet sources;
  FileId file = sources.add("t.bt", "a {\n  b\n}\n");
  Diagnostics diagnostics;
  diagnostics.error({file, 0, 9}, "m");
  CHECK(show(sources, diagnostics) == "t.bt:1-3: ERROR: m\na {\n  b\n}\n");
}

TEST_CASE("edit distance counts swaps of neighbours once") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("printf", "pritnf") == 1);
  CHECK(edit_distance("count", "coutn") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest candidate is suggested only when it is near") {
  std::vector<std::string> names = {"count", "hist", "comm"};
  CHECK(nearest("cuont", names) == "count");
  CHECK(nearest("com", names) == "comm");
  CHECK(nearest("elephant", names) == std::nullopt);
  CHECK(nearest("x", {}) == std::nullopt);
}

TEST_CASE("a star matches any run of characters and nothing else is special") {
  CHECK(glob_matches("*", ""));
  CHECK(glob_matches("vfs_*e", "vfs_rename"));
  CHECK(glob_matches("*t", "_start"));
  CHECK(glob_matches("a*b*c", "aXbXbYc"));
  CHECK(glob_matches("sched:*", "sched:sched_switch"));
  CHECK_FALSE(glob_matches("a?c", "abc"));
  CHECK_FALSE(glob_matches("a*b", "acbd"));
  CHECK_FALSE(glob_matches("", "a"));
}

namespace {
uint64_t number(std::string_view text, IntegerForms forms = IntegerForms::Script) {
  auto value = parse_integer(text, forms);
  REQUIRE(std::holds_alternative<uint64_t>(value));
  return std::get<uint64_t>(value);
}
std::string problem(std::string_view text, IntegerForms forms = IntegerForms::Script) {
  auto value = parse_integer(text, forms);
  REQUIRE(std::holds_alternative<std::string>(value));
  return std::get<std::string>(value);
}
}  // namespace

TEST_CASE("integers in every documented form") {
  CHECK(number("0") == 0);
  CHECK(number("1_000") == 1000);
  CHECK(number("0xff") == 255);
  CHECK(number("0X1_0") == 16);
  CHECK(number("0755") == 0755);
  CHECK(number("2e6") == 2000000);
  CHECK(number("1e1_0") == 10000000000);
  CHECK(number("10u") == 10);
  CHECK(number("10ull") == 10);
  CHECK(number("1ns") == 1);
  CHECK(number("2us") == 2000);
  CHECK(number("3ms") == 3000000);
  CHECK(number("4s") == 4000000000);
  CHECK(number("1m") == 60000000000);
  CHECK(number("1h") == 3600000000000);
  CHECK(number("1d") == 86400000000000);
  CHECK(number("18446744073709551615") == UINT64_MAX);
  CHECK(number("0b101", IntegerForms::CommandWord) == 5);
  CHECK(number("0x10ul", IntegerForms::CommandWord) == 16);
}

TEST_CASE("integers that are refused, each with its reason") {
  CHECK(problem("08") == "invalid trailing bytes");
  CHECK(problem("1e0") == "invalid trailing bytes");
  CHECK(problem("5e-9") == "invalid trailing bytes");
  CHECK(problem("12e3") == "coefficient part of scientific literal must be 1-9");
  CHECK(problem("0b101") == "invalid integer suffix 'b101'");
  CHECK(problem("10x") == "invalid integer suffix 'x'");
  CHECK(problem("0x10UL") == "invalid trailing bytes");
  CHECK(problem("10_") == "trailing underscore in integer literal");
  CHECK(problem("18446744073709551616") == "overflow error, maximum value is 18446744073709551615");
  CHECK(problem("4294967296u") == "overflow error, maximum value is 4294967295");
  CHECK(problem("x1", IntegerForms::CommandWord) == "invalid integer");
  CHECK(problem("1x", IntegerForms::CommandWord) == "invalid trailing bytes");
}
