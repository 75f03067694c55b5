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

TEST_CASE("mistakes in constructs name what is missing", "[parser]") {
  CHECK(mistakes("begin { while { } }") == Lines{"1:19-20: expected '{'"});
  CHECK(mistakes("begin { for 1 : @m { } }") == Lines{"1:13-14: expected variable in for loop"});
  CHECK(mistakes("begin { for $i : 1 { } }") ==
        Lines{"1:20-21: expected map or range in for loop"});
  CHECK(mistakes("begin { for ($i : 0..9 { } }") == Lines{"1:24-25: expected ')'"});
  CHECK(mistakes("begin { &pid }") ==
        Lines{"1:9-13: address-of operator (&) can only be used on a map or variable"});
  CHECK(mistakes("begin { $x = (a=1, a=2) }") ==
        Lines{"1:20-21: Named argument list already contains name: a"});
  CHECK(mistakes("begin { $r.a = 1 }") ==
        Lines{"1:9-13: Tuples and records are immutable once created"});
  CHECK(mistakes("begin { if (1) { } else 2 }") ==
        Lines{"1:25-26: expected '{' or 'if' after 'else'"});
}

TEST_CASE("all kinds of items", "[parser]") {
  Parsed parsed = parse_text(
      "#include <linux/fs.h>\n"
      "struct s { int a; /* } */ struct { int b; } c; } __attribute__((packed));\n"
      "enum e { A, B };\n"
      "config = { stack_mode = perf; MAX_STRLEN = 64 }\n"
      "import \"a.bt\";\n"
      "let @m = hash(10);\n"
      "let @n = hash(10)\n"
      "macro f($a, @b, c) { { $a } }\n"
      "fn g($x : int64) : int64 { return 1; }\n"
      "begin { }");
  REQUIRE_FALSE(parsed.diagnostics.has_errors());
  const ast::Program& program = parsed.program;
  REQUIRE(program.c_text.size() == 3);
  CHECK(parsed.text(program.c_text[0]) == "#include <linux/fs.h>");
  CHECK(parsed.text(program.c_text[1]).ends_with("__attribute__((packed));"));
  CHECK(parsed.text(program.c_text[2]) == "enum e { A, B };");
  REQUIRE(program.config.size() == 2);
  CHECK(std::get<std::string>(program.config[0].value) == "perf");
  CHECK(std::get<uint64_t>(program.config[1].value) == 64);
  CHECK(program.imports.at(0).path == "a.bt");
  REQUIRE(program.maps.size() == 2);
  CHECK(program.maps[1].name == "@n");
  CHECK(program.macros.at(0).parameters.size() == 3);
  CHECK(program.macros.at(0).body.value != nullptr);
  CHECK(program.functions.at(0).name == "g");
  CHECK(program.probes.size() == 1);
  CHECK(program.items.size() == 10);
}

TEST_CASE("sections keep their order", "[parser]") {
  CHECK(mistakes("begin { } struct s { int a; };") ==
        Lines{"1:11-31: C definitions must appear before probes and functions"});
  CHECK(mistakes("begin { } config = { }") ==
        Lines{"1:11-23: config must appear before probes and functions"});
  CHECK(mistakes("begin { } import \"x.bt\";") ==
        Lines{"1:11-25: root imports must appear before probes and functions"});
  CHECK(mistakes("config = { } config = { }") == Lines{"1:14-26: duplicate config block"});
  CHECK(mistakes("let $x = 1; begin { }") ==
        Lines{"1:5-7: root-level let statements need to be map declarations"});
  CHECK(mistakes("let @m = hash(many);") ==
        Lines{"1:15-19: expected positive integer for map declaration max entries"});
}

TEST_CASE("the first mistake is the only one, and what is before it is kept", "[parser]") {
  std::string program =
      "i:s:1 { f() }\n"
      "begin { $a = ; f(; }\n"
      "end { if (1) { { } } $b 2; { } }\n"
      "i:s:4 { g() }";
  CHECK(mistakes(program) == Lines{"2:14-15: expected expression"});
  Parsed parsed = parse_text(program);
  REQUIRE(parsed.program.probes.size() == 1);
  CHECK(parsed.program.probes[0].attach_points[0].text == "i:s:1");
}

TEST_CASE("a mistake makes none of what follows", "[parser]") {
  CHECK(mistakes("begin { };\nend { }") == Lines{"1:10-11: expected attach point"});
  CHECK(mistakes("begin end { }") == Lines{"1:7-10: expected '{'"});
  CHECK(mistakes("i:s:2 /1 +/ { f() }") == Lines{"1:11-12: expected expression"});
  CHECK(mistakes("begin /{1} 2/ { } end { }") == Lines{"1:12-13: expected '/' to close predicate"});
  CHECK(mistakes("typedef int x;\nstruct s { int a; };\nbegin { }") ==
        Lines{"1:9-12: expected '{'"});
}

}  // namespace
