#include <catch2/catch_test_macros.hpp>

#include "unit/parser/parsed.h"

using namespace gimlet;
using namespace gimlet::parser::test;

namespace {

TEST_CASE("assignments", "[parser]") {
  CHECK(statements("$x = 1; @m = 2; @ = 3; @m[1, \"a\"] = count();") ==
        "$x = 1; @m = 2; @ = 3; @m[1, \"a\"] = count();");
  CHECK(statements("$x += 1; $x -= 1; $x *= 1; $x /= 1; $x %= 1") ==
        "$x += 1; $x -= 1; $x *= 1; $x /= 1; $x %= 1;");
  CHECK(statements("@ &= 1; @ |= 1; @ ^= 1; @ <<= 1; @ >>= 1") ==
        "@ &= 1; @ |= 1; @ ^= 1; @ <<= 1; @ >>= 1;");
  CHECK(statements("_ = f();") == "_ = f();");
}

TEST_CASE("let", "[parser]") {
  CHECK(statements("let $x; let $y = 1; let $z: int8; let $s : string[16] = \"a\"") ==
        "let $x; let $y = 1; let $z : int8; let $s : string[16] = \"a\";");
  CHECK(statements("let $p: struct foo *;") == "let $p : struct foo*;");
}

TEST_CASE("if chains", "[parser]") {
  CHECK(statements("if (a) { f() } else if !$x { g(); } else { h() }") ==
        "if (a) { f(); } else if (!$x) { g(); } else { h(); }");
  CHECK(statements("if $x { } if (a) {} $y = 1;") == "if ($x) {} if (a) {} $y = 1;");
  CHECK(statements("if comm { }") == "if (comm) {}");
  CHECK(statements("if (uint8)$x { }") == "1:19-21: expected '{'");
  CHECK(statements("if (a) && (b) { }") == "1:16-18: expected '{'");
  CHECK(statements("if $a == 1 { }") == "1:15-17: expected '{'");
}

TEST_CASE("blocks and returns", "[parser]") {
  CHECK(statements("{ $x = 1 } { { } }") == "{ $x = 1; } { {} }");
  CHECK(statements("return; return 1; return") == "return; return 1; return;");
}

TEST_CASE("a ternary statement needs no semicolon", "[parser]") {
  CHECK(statements("a ? f() : g() $x = 1;") == "a ? f() : g(); $x = 1;");
  CHECK(statements("$a == 1 ? f() : g(); h()") == "($a == 1) ? f() : g(); h();");
  CHECK(statements("a ? b : c - 1; d") == "a ? b : (c - 1); d;");
  CHECK(statements("a ? f() : g() if (x) { }") == "a ? f() : g(); if (x) {}");
}

TEST_CASE("the last statement of a block needs no semicolon", "[parser]") {
  CHECK(statements("f(); g()") == "f(); g();");
  CHECK(statements("f() g()") == "1:13-14: expected ';'");
}

TEST_CASE("keywords have their meaning only at the start of a statement", "[parser]") {
  CHECK(statements("f(let, return, while)") == "f(let, return, while);");
}

TEST_CASE("wrong assignment targets", "[parser]") {
  CHECK(statements("$t.0 = 1") == "1:9-13: Tuples and records are immutable once created");
  CHECK(statements("$r.a = 1") == "1:9-13: Tuples and records are immutable once created");
  CHECK(statements("$a[0] = 1") == "1:9-14: invalid assignment target");
  CHECK(statements("*$p += 1") == "1:9-12: invalid assignment target");
  CHECK(statements("pid = 1") == "1:9-12: invalid assignment target");
  CHECK(statements("$a = $b = 1") == "1:17-18: expected ';'");
}

TEST_CASE("ids are dense and unique, ranges are exact", "[parser]") {
  Parsed parsed =
      parse_text("begin, end / $1 / { if (1) { $x = -2; } @ = count() }\ni:s:1 { f(3) }");
  REQUIRE_FALSE(parsed.diagnostics.has_errors());
  // probes 2, attach points 3, predicate 1; statement, if, 1, assignment 1, $x, -, 2; assignment 1,
  // @, call 1; statement, call, 3
  CHECK(parsed.program.node_count == 2 + 3 + 1 + 7 + 3 + 3);
  const ast::Probe& probe = parsed.program.probes[0];
  CHECK(probe.id < parsed.program.node_count);
  CHECK(parsed.text(probe.range) == "begin, end / $1 / { if (1) { $x = -2; } @ = count() }");
  CHECK(parsed.text(probe.body.range) == "{ if (1) { $x = -2; } @ = count() }");
  CHECK(parsed.text(probe.predicate->range) == "$1");
  CHECK(parsed.text(probe.body.statements[0]->range) == "if (1) { $x = -2; }");
  const auto& statement = std::get<ast::ExpressionStatement>(probe.body.statements[0]->node);
  const auto& branch = std::get<ast::If>(statement.expression->node);
  CHECK(parsed.text(branch.then.range) == "{ $x = -2; }");
  CHECK(parsed.text(branch.then.statements[0]->range) == "$x = -2");
  CHECK(parsed.text(probe.body.statements[1]->range) == "@ = count()");
}

TEST_CASE("a broken probe uses up no ids", "[parser]") {
  Parsed parsed = parse_text("begin { f(1) } end { g(1, 2, 3) + }");
  CHECK(parsed.diagnostics.error_count() == 1);
  CHECK(parsed.program.probes.size() == 1);
  CHECK(parsed.program.node_count == 5);
}

}  // namespace
