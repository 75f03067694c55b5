#include <catch2/catch_test_macros.hpp>

#include "unit/parser/parsed.h"

using namespace gimlet;
using namespace gimlet::parser::test;

namespace {

TEST_CASE("what is missing", "[parser]") {
  CHECK(mistakes("begin") == Lines{"1:6-7: expected '{'"});
  CHECK(mistakes("begin { f()") == Lines{"1:12-13: expected '}'"});
  CHECK(mistakes("begin { $a = ; }") == Lines{"1:14-15: expected expression"});
  CHECK(mistakes("begin { f(1; }") == Lines{"1:12-13: expected ')'"});
  CHECK(mistakes("begin { f(1, ) }") == Lines{"1:14-15: expected expression"});
  CHECK(mistakes("begin { @a[1; }") == Lines{"1:13-14: expected ']'"});
  CHECK(mistakes("begin { (1, 2; }") == Lines{"1:14-15: expected ')'"});
  CHECK(mistakes("begin { a ? b }") == Lines{"1:15-16: expected ':'"});
  CHECK(mistakes("begin { $x. }") == Lines{"1:13-14: expected identifier"});
  CHECK(mistakes("begin { $x->1 }") == Lines{"1:13-14: expected identifier"});
  CHECK(mistakes("begin { $x.1ns }") == Lines{"1:12-15: invalid tuple index '1ns'"});
  CHECK(mistakes("begin { $ x = 1 }") == Lines{"1:9-10: expected identifier after '$'"});
  CHECK(mistakes("begin { let @x }") == Lines{"1:13-15: expected variable after 'let'"});
  CHECK(mistakes("begin { let $x: 5 }") == Lines{"1:17-18: expected type"});
  CHECK(mistakes("begin { if 1 { } else 5 }") ==
        Lines{"1:23-24: expected '{' or 'if' after 'else'"});
  CHECK(mistakes("begin { ; }") == Lines{"1:9-10: expected expression"});
  CHECK(mistakes("k:f /1 { }") == Lines{"1:8-9: expected '/' to close predicate"});
  CHECK(mistakes("k:f /1") == Lines{"1:7-8: expected '/' to close predicate"});
  CHECK(mistakes("k:f // { }") == Lines{"1:4-5: expected '{'"});
  CHECK(mistakes("{ }") == Lines{"1:1-2: expected attach point"});
  CHECK(mistakes("begin { ` }") == Lines{"1:9-10: unexpected input"});
}

TEST_CASE("a missing semicolon is shown at the end of its line", "[parser]") {
  CHECK(mistakes("begin {\n  $a = 1\n  $b = 2\n}") == Lines{"2:9-10: expected ';'"});
  CHECK(mistakes("begin { $a = 1 $b = 2 }") == Lines{"1:16-18: expected ';'"});
}

TEST_CASE("constructs that do not exist yet say so", "[parser]") {
  CHECK(mistakes("begin { while (1) { } }") ==
        Lines{"1:9-14: 'while' loops are not supported yet"});
  CHECK(mistakes("begin { for $i : 0..9 { } }") ==
        Lines{"1:9-12: 'for' loops are not supported yet"});
  CHECK(mistakes("begin { unroll(2) { } }") ==
        Lines{"1:9-15: 'unroll' loops are not supported yet"});
  CHECK(mistakes("begin { break; }") == Lines{"1:9-14: 'break' is not supported yet"});
  CHECK(mistakes("begin { f(); continue }") == Lines{"1:14-22: 'continue' is not supported yet"});
  CHECK(mistakes("begin { f(sizeof(x)) }") == Lines{"1:11-17: 'sizeof' is not supported yet"});
  CHECK(mistakes("begin { offsetof(x, y) }") == Lines{"1:9-17: 'offsetof' is not supported yet"});
  CHECK(mistakes("begin { typeinfo(x) }") == Lines{"1:9-17: 'typeinfo' is not supported yet"});
  CHECK(mistakes("begin { if comptime x { } }") ==
        Lines{"1:12-20: 'comptime' is not supported yet"});
  CHECK(mistakes("begin { (typeof(x))1 }") == Lines{"1:10-16: 'typeof' is not supported yet"});
  CHECK(mistakes("begin { let $x: typeof(y) }") == Lines{"1:17-23: 'typeof' is not supported yet"});
  CHECK(mistakes("begin { $x = if (1) { 2 } }") ==
        Lines{"1:14-16: 'if' as a value is not supported yet"});
  CHECK(mistakes("begin { $x = { 1 } }") ==
        Lines{"1:14-15: blocks as values are not supported yet"});
  CHECK(mistakes("begin { f(&$x) }") == Lines{"1:11-12: address-of ('&') is not supported yet"});
  CHECK(mistakes("begin { $x = (a=1, b=2) }") == Lines{"1:14-15: records are not supported yet"});
}

TEST_CASE("top-level constructs that do not exist yet are skipped whole", "[parser]") {
  Parsed parsed = parse_text(
      "#include <linux/fs.h>\n"
      "struct s { int a; struct { int b; } c; } __attribute__((packed));\n"
      "config = { stack_mode = perf; }\n"
      "import \"a.bt\";\n"
      "let @m = hash(10);\n"
      "let @n = hash(10)\n"
      "macro f($a, @b) { { $a } }\n"
      "fn g($x : int64) : int64 { return 1; }\n"
      "enum e { A, B };\n"
      "begin { }");
  CHECK(parsed.program.probes.size() == 1);
  std::vector<std::string> found;
  for (const auto& d : parsed.diagnostics.all()) found.push_back(d.message);
  CHECK(found == Lines{"syntax: preprocessor lines are not supported yet",
                       "syntax: C definitions are not supported yet",
                       "syntax: 'config' blocks are not supported yet",
                       "syntax: 'import' is not supported yet",
                       "syntax: map declarations are not supported yet",
                       "syntax: map declarations are not supported yet",
                       "syntax: 'macro' definitions are not supported yet",
                       "syntax: 'fn' definitions are not supported yet",
                       "syntax: C definitions are not supported yet"});
}

TEST_CASE("each broken probe reports one mistake, the others are kept", "[parser]") {
  std::string program =
      "begin { $a = ; f(; }\n"
      "end { if (1) { { } } $b 2; { } }\n"
      "i:s:1 { f() }\n"
      "i:s:2 /1 +/ { f() }\n"
      "i:s:3 { f(\"abc); }\n"
      "i:s:4 { g() }";
  CHECK(mistakes(program) == Lines{"1:14-15: expected expression", "2:25-26: expected ';'",
                                   "4:11-12: expected expression", "5:11-19: unterminated string"});
  Parsed parsed = parse_text(program);
  REQUIRE(parsed.program.probes.size() == 2);
  CHECK(parsed.program.probes[0].attach_points[0].text == "i:s:1");
  CHECK(parsed.program.probes[1].attach_points[0].text == "i:s:4");
}

TEST_CASE("stray text between probes does not swallow the next probe", "[parser]") {
  CHECK(mistakes("begin { };\nend { }") == Lines{"1:10-11: expected attach point"});
  CHECK(parse_text("begin { };\nend { }").program.probes.size() == 2);
  CHECK(parse_text("begin { } }\nend { }").program.probes.size() == 2);
  CHECK(mistakes("begin end { }") == Lines{"1:7-10: expected '{'"});
}

TEST_CASE("a text that is no program gives a bounded number of mistakes", "[parser]") {
  std::string text;
  for (int i = 0; i < 10000; i++) text += "}\n";
  CHECK(mistakes(text).size() == 20);
}

}  // namespace
