// No text may crash the parser, keep it busy for long, or make a tree too deep to walk.
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "ast/print.h"
#include "unit/parser/parsed.h"

using namespace gimlet;
using namespace gimlet::parser::test;

namespace {

std::string repeated(const std::string& text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; i++) out += text;
  return out;
}

void check_refused(const std::string& body, const std::string& message) {
  Parsed parsed = parse_text("begin { " + body + " }");
  REQUIRE(parsed.diagnostics.error_count() == 1);
  CHECK(parsed.diagnostics.all()[0].message == "syntax: " + message);
  CHECK(parsed.program.probes.empty());
}

void check_too_deep(const std::string& body) { check_refused(body, "nesting is too deep"); }

void check_too_long(const std::string& body) {
  check_refused(body, "more than 5000 operators or branches in a row");
}

TEST_CASE("deep nesting is refused", "[parser]") {
  constexpr size_t kDeep = 10000;
  check_too_deep(repeated("(", kDeep) + "1" + repeated(")", kDeep));
  check_too_deep(repeated("(", kDeep));
  check_too_deep(repeated("- ", kDeep) + "1");
  check_too_deep(repeated("!", kDeep) + "1");
  check_too_deep(repeated("(u8)", kDeep) + "1");
  check_too_deep(repeated("{", kDeep) + repeated("}", kDeep));
  check_too_deep(repeated("@a[", kDeep));
  check_too_deep(repeated("f(-(", kDeep));
}

TEST_CASE("endless chains are refused", "[parser]") {
  constexpr size_t kLong = 100000;
  check_too_long("1" + repeated(" + 1", kLong));
  check_too_long("$x" + repeated(".a", kLong));
  check_too_long("$x" + repeated("[1]", kLong));
  check_too_long("1" + repeated(" ? 1 : 1", kLong));
  check_too_long("if 1 {}" + repeated(" else if 1 {}", kLong));
}

TEST_CASE("flat chains of generated programs are accepted", "[parser]") {
  constexpr size_t kLong = 3000;
  for (const std::string& body :
       {"1" + repeated(" + 1", kLong), "1" + repeated(" || 1", kLong),
        "1" + repeated(" ? 1 : 1", kLong), "if 1 {}" + repeated(" else if 1 {}", kLong)}) {
    CHECK(mistakes("begin { " + body + " }") == Lines{});
  }
}

TEST_CASE("reasonable nesting is accepted", "[parser]") {
  std::string program = "begin { " + repeated("(", 200) + "1" + repeated(")", 200) + "; " +
                        repeated("{", 100) + repeated("}", 100) + " 1" + repeated(" || 1", 300) +
                        "; $x" + repeated("; $x++", 5000) + repeated("; f((u8)-1)", 2000) + " }";
  CHECK(mistakes(program) == Lines{});
}

TEST_CASE("what is printed parses to the same tree", "[parser]") {
  for (const char* body :
       {"-(-$x) + -(--$y); --(-$x); (u8)(++$z); (++$x).a; (@x)[1]; (-$x)++; ((u8)$x).a",
        "(a && b && c) || d && (e && f); (a ? b : c) ? d : e ? f : g; ((a, b), (c,), ())",
        "if (a / b) { } else { if (c) { } } \"\\x01a\\\"\\\\\\n\"; !(a == b); (u8)(a + b); *(a + "
        "b)"}) {
    Parsed first = parse_text("a:b:\"c d\", e /1 / 2/ { " + std::string(body) + " }");
    REQUIRE_FALSE(first.diagnostics.has_errors());
    std::string text = ast::print(first.program);
    Parsed second = parse_text(text);
    CHECK_FALSE(second.diagnostics.has_errors());
    CHECK(second.program.node_count == first.program.node_count);
    CHECK(ast::print(second.program) == text);
  }
}

TEST_CASE("random bytes do no harm", "[parser]") {
  std::mt19937 random(20261121);
  for (int round = 0; round < 3000; round++) {
    std::string text;
    for (size_t n = random() % 200; n > 0; n--) text += static_cast<char>(random());
    Parsed parsed = parse_text((round % 2 ? "begin { " : "") + text);
    for (const auto& d : parsed.diagnostics.all()) {
      REQUIRE(d.range->begin <= d.range->end);
      REQUIRE(d.range->end <= parsed.sources.file(0).text().size());
    }
  }
}

TEST_CASE("random tokens do no harm, and what parses can be printed and parsed", "[parser]") {
  constexpr const char* kPieces[] = {
      "begin", "k:f", "{",      "}",    "{",      "}",   "(",  ")",     "[",    "]",
      ";",     ";",   ",",      ":",    "?",      ".",   "->", "=",     "+=",   "==",
      "&",     "&&",  "|",      "<<",   "-",      "-",   "--", "++",    "*",    "/",
      "!",     "~",   "if",     "else", "$x",     "@m",  "@",  "1",     "0x1f", "\"a\"",
      "\"",    "$",   "struct", "s",    "return", "let", "_",  "while", "(u8)", "(s)",
      "$1",    "$#",  "\n",     "//",   "/*",     "*/",  "#",  "\\",    "\0",   "config"};
  std::mt19937 random(4);
  size_t parsed_without_mistake = 0;
  for (int round = 0; round < 20000; round++) {
    std::string text = round % 4 ? "begin { $x = 1; " : "";
    for (size_t n = random() % 12; n > 0; n--) {
      text += std::string(kPieces[random() % std::size(kPieces)]) + " ";
    }
    if (round % 4) text += " }";
    Parsed parsed = parse_text(text);
    if (parsed.diagnostics.has_errors()) continue;
    parsed_without_mistake++;
    std::string printed = ast::print(parsed.program);
    INFO(text);
    REQUIRE(ast::print(parse_text(printed).program) == printed);
  }
  CHECK(parsed_without_mistake > 500);
}

TEST_CASE("a program cut off anywhere gives at most one mistake", "[parser]") {
  const std::string program =
      "u:\"/a b\":f@1, begin /(u8)$1 == 2/ { if (1) { @m[1, \"x\\n\"] += (struct s *)$p->q; } else "
      "{ let $x : string[4] = a ? b : (1, 2).0; } }";
  CHECK(mistakes(program) == Lines{});
  for (size_t size = 0; size < program.size(); size++) {
    CHECK(mistakes(program.substr(0, size)).size() <= 1);
  }
}

}  // namespace
