#include <catch2/catch_test_macros.hpp>

#include "unit/parser/parsed.h"

using namespace gimlet;
using namespace gimlet::parser::test;

namespace {

const ast::Expr& first_expression(const Parsed& parsed) {
  const ast::Stmt& statement = *parsed.program.probes.at(0).body.statements.at(0);
  return *std::get<ast::ExpressionStatement>(statement.node).expression;
}

TEST_CASE("operators bind as in C", "[parser]") {
  CHECK(expression("a * b / c % d") == "((a * b) / c) % d");
  CHECK(expression("a + b * c - d") == "(a + (b * c)) - d");
  CHECK(expression("a << b + c >> d") == "(a << (b + c)) >> d");
  CHECK(expression("1 << 2 < 8") == "(1 << 2) < 8");
  CHECK(expression("a < b == c >= d") == "(a < b) == (c >= d)");
  CHECK(expression("a <= b != c > d") == "(a <= b) != (c > d)");
  CHECK(expression("a == b & c") == "(a == b) & c");
  CHECK(expression("a & b ^ c | d") == "((a & b) ^ c) | d");
  CHECK(expression("a | b && c || d && e") == "((a | b) && c) || (d && e)");
  CHECK(expression("a && b && c") == "a && b && c");
  CHECK(expression("a && (b && c)") == "a && (b && c)");
  CHECK(expression("a - b - c") == "(a - b) - c");
  CHECK(expression("a - (b - c)") == "a - (b - c)");
}

TEST_CASE("the ternary is right associative and may lack its middle", "[parser]") {
  CHECK(expression("a ? b : c ? d : e") == "a ? b : (c ? d : e)");
  CHECK(expression("a ? b ? c : d : e") == "a ? (b ? c : d) : e");
  CHECK(expression("a || b ? c + 1 : d") == "(a || b) ? (c + 1) : d");
  CHECK(expression("a ?: b") == "a ?: b");
  CHECK(expression("a ? : b") == "a ?: b");
}

TEST_CASE("prefix operators bind tighter than binary, postfix tighter than prefix", "[parser]") {
  CHECK(expression("-a * !b") == "-a * !b");
  CHECK(expression("-$x.a[1]++") == "-$x.a[1]++");
  CHECK(expression("*$p.a") == "*$p.a");
  CHECK(expression("(*$p).a") == "(*$p).a");
  CHECK(expression("~-!*$x") == "~-!*$x");
  CHECK(expression("- -$x") == "-(-$x)");
  CHECK(expression("++$x - --$y") == "++$x - --$y");
  CHECK(expression("$x++ + ++$y") == "$x++ + ++$y");
  CHECK(expression("$x---$y") == "$x-- - $y");
  CHECK(expression("@m[1, 2]++") == "@m[1, 2]++");
}

TEST_CASE("fields, elements and tuples", "[parser]") {
  CHECK(expression("args->prev->comm") == "args.prev.comm");
  CHECK(expression("$kv.0.1") == "$kv.0.1");
  CHECK(expression("1.5") == "1.5");
  CHECK(expression("$a[1][$b[2]].c") == "$a[1][$b[2]].c");
  CHECK(expression("@[1][2]") == "@[1][2]");
  CHECK(expression("(@)[1]") == "(@)[1]");
  CHECK(expression("()") == "()");
  CHECK(expression("(1,)") == "(1,)");
  CHECK(expression("(1, 2)") == "(1, 2)");
  CHECK(expression("(1, (2, 3), 4,)") == "(1, (2, 3), 4)");
  CHECK(expression("((1))") == "1");
  CHECK(expression("f()") == "f()");
  CHECK(expression("f(1, g(2), @x)") == "f(1, g(2), @x)");
  CHECK(expression("$1 + $#") == "$1 + $#");
  CHECK(expression("true || false") == "true || false");
}

TEST_CASE("keywords are ordinary names after a dot", "[parser]") {
  CHECK(expression("$p.config + $p->if") == "$p.config + $p.if");
  CHECK(expression("$p.let.while.true.sizeof.struct") == "$p.let.while.true.sizeof.struct");
}

TEST_CASE("a type, a closing bracket and an operand make a cast", "[parser]") {
  CHECK(expression("(uint8)1") == "(uint8)1");
  CHECK(expression("(uint8)$a.b") == "(uint8)$a.b");
  CHECK(expression("(uint32)1 + 2") == "(uint32)1 + 2");
  CHECK(expression("(struct s *)$p->q") == "(struct s*)$p.q");
  CHECK(expression("((struct s *)$p)->q") == "((struct s*)$p).q");
  CHECK(expression("(union u[4]*)@m") == "(union u[4]*)@m");
  CHECK(expression("(enum e)x") == "(enum e)x");
  CHECK(expression("(struct if *)$p") == "(struct if*)$p");
  CHECK(expression("(int8[])\"ab\"") == "(int8[])\"ab\"");
  CHECK(expression("(u8)*$p") == "(u8)*$p");
  CHECK(expression("(LIMIT)-1") == "(LIMIT)-1");
  CHECK(expression("(u8)!x") == "(u8)!x");
  CHECK(expression("(u8)~x") == "(u8)~x");
  CHECK(expression("(u8)(1 + 2)") == "(u8)(1 + 2)");
  CHECK(expression("(u8)(u16)(u32)$x") == "(u8)(u16)(u32)$x");
  CHECK(expression("(u8)$1 - (u8)$#") == "(u8)$1 - (u8)$#");
  CHECK(expression("f((u8)x, (u16)y)") == "f((u8)x, (u16)y)");
}

TEST_CASE("other brackets only group", "[parser]") {
  CHECK(expression("(pid)*2") == "pid * 2");
  CHECK(expression("(arg0)-1") == "arg0 - 1");
  CHECK(expression("(sarg12)-1") == "sarg12 - 1");
  CHECK(expression("(__builtin_pid)-1") == "__builtin_pid - 1");
  CHECK(expression("(argx)-1") == "(argx)-1");
  CHECK(expression("(x) + 1") == "x + 1");
  CHECK(expression("(x) / 2") == "x / 2");
  CHECK(expression("(x) && $y") == "x && $y");
  CHECK(expression("(x)->y") == "x.y");
  CHECK(expression("(x) == \"a\"") == "x == \"a\"");
  CHECK(expression("($x)-1") == "$x - 1");
  CHECK(expression("(a * b)-1") == "(a * b) - 1");
  CHECK(expression("f(x)-1") == "f(x) - 1");
  CHECK(expression("f (x)") == "f(x)");
}

TEST_CASE("the range of an expression covers all of it", "[parser]") {
  Parsed parsed = parse_text("begin { (1 + $ab) * str(args.name, 64)[3]; }");
  const ast::Expr& product = first_expression(parsed);
  CHECK(parsed.text(product.range) == "(1 + $ab) * str(args.name, 64)[3]");
  const auto& binary = std::get<ast::Binary>(product.node);
  CHECK(parsed.text(binary.op_range) == "*");
  CHECK(parsed.text(binary.left->range) == "1 + $ab");
  CHECK(parsed.text(binary.right->range) == "str(args.name, 64)[3]");
  const auto& index = std::get<ast::Index>(binary.right->node);
  const auto& call = std::get<ast::Call>(index.base->node);
  CHECK(parsed.text(call.name_range) == "str");
  CHECK(parsed.text(index.base->range) == "str(args.name, 64)");
  CHECK(parsed.text(std::get<ast::FieldAccess>(call.arguments[0]->node).field_range) == "name");
}

TEST_CASE("casts, maps and tuple accesses keep the ranges of their parts", "[parser]") {
  Parsed parsed = parse_text("begin { (struct  a *[2]) @m[1, $t.12]; }");
  const ast::Expr& expr = first_expression(parsed);
  const auto& cast = std::get<ast::Cast>(expr.node);
  CHECK(parsed.text(expr.range) == "(struct  a *[2]) @m[1, $t.12]");
  CHECK(parsed.text(cast.type.range) == "struct  a *[2]");
  CHECK(cast.type.tag == ast::TypeSpec::Tag::Struct);
  CHECK(cast.type.name == "a");
  REQUIRE(cast.type.suffixes.size() == 2);
  CHECK(cast.type.suffixes[0].pointer);
  CHECK(cast.type.suffixes[1].length == 2);
  const auto& map = std::get<ast::MapAccess>(cast.operand->node);
  CHECK(parsed.text(map.name_range) == "@m");
  const auto& access = std::get<ast::TupleAccess>(map.keys.at(1)->node);
  CHECK(access.index == 12);
  CHECK(parsed.text(access.index_range) == "12");
}

}  // namespace
