#include <catch2/catch_test_macros.hpp>

#include "unit/parser/parsed.h"

using namespace gimlet;
using namespace gimlet::parser::test;

namespace {

// The value of an integer literal; the message if it is wrong.
std::string value_of(const std::string& literal) {
  std::string program = "begin { _ = " + literal + "; }";
  Parsed parsed = parse_text(program);
  if (parsed.diagnostics.has_errors()) return parsed.diagnostics.all()[0].message;
  const auto& statement = parsed.program.probes.at(0).body.statements.at(0);
  const auto& discard = std::get<ast::Discard>(statement->node);
  const auto& integer = std::get<ast::IntegerLiteral>(discard.value->node);
  CHECK(integer.spelling == literal);
  return std::to_string(integer.value);
}

std::string bytes_of(const std::string& inside) {
  Parsed parsed = parse_text("begin { _ = \"" + inside + "\"; }");
  if (parsed.diagnostics.has_errors()) return parsed.diagnostics.all()[0].message;
  const auto& statement = parsed.program.probes.at(0).body.statements.at(0);
  const auto& discard = std::get<ast::Discard>(statement->node);
  return std::get<ast::StringLiteral>(discard.value->node).value;
}

TEST_CASE("every form of integer", "[parser]") {
  CHECK(value_of("0") == "0");
  CHECK(value_of("42") == "42");
  CHECK(value_of("1_000") == "1000");
  CHECK(value_of("0xff") == "255");
  CHECK(value_of("0X1_0") == "16");
  CHECK(value_of("0755") == "493");
  CHECK(value_of("2e6") == "2000000");
  CHECK(value_of("5E3") == "5000");
  CHECK(value_of("1e1_0") == "10000000000");
  CHECK(value_of("18446744073709551615") == "18446744073709551615");
  CHECK(value_of("0xffffffffffffffff") == "18446744073709551615");
  CHECK(value_of("10u") == "10");
  CHECK(value_of("10ul") == "10");
  CHECK(value_of("10ull") == "10");
  CHECK(value_of("10l") == "10");
  CHECK(value_of("10LL") == "10");
  CHECK(value_of("7ns") == "7");
  CHECK(value_of("2us") == "2000");
  CHECK(value_of("3ms") == "3000000");
  CHECK(value_of("4s") == "4000000000");
  CHECK(value_of("5m") == "300000000000");
  CHECK(value_of("6h") == "21600000000000");
  CHECK(value_of("7d") == "604800000000000");
}

TEST_CASE("wrong integers", "[parser]") {
  CHECK(value_of("08") == "syntax: invalid trailing bytes");
  CHECK(value_of("0x10UL") == "syntax: invalid trailing bytes");
  CHECK(value_of("1e0") == "syntax: invalid trailing bytes");
  CHECK(value_of("5e-9") == "syntax: invalid trailing bytes");
  CHECK(value_of("12e3") == "syntax: coefficient part of scientific literal must be 1-9");
  CHECK(value_of("1_") == "syntax: trailing underscore in integer literal");
  CHECK(value_of("1x") == "syntax: invalid integer suffix 'x'");
  CHECK(value_of("0b101") == "syntax: invalid integer suffix 'b101'");
  CHECK(value_of("18446744073709551616") ==
        "syntax: overflow error, maximum value is 18446744073709551615");
  CHECK(value_of("4294967296u") == "syntax: overflow error, maximum value is 4294967295");
}

TEST_CASE("positional parameters", "[parser]") {
  CHECK(expression("$9223372036854775807") == "$9223372036854775807");
  CHECK(mistakes("begin { $0 }") ==
        Lines{"1:9-11: param $0 is out of integer range [1, 9223372036854775807]"});
  CHECK(mistakes("begin { $9223372036854775808 }") ==
        Lines{"1:9-29: param $9223372036854775808 is out of integer range [1, "
              "9223372036854775807]"});
}

TEST_CASE("string escapes", "[parser]") {
  CHECK(bytes_of("plain \xc3\xa4") == "plain \xc3\xa4");
  CHECK(bytes_of(R"(\n\t\r\"\\)") == "\n\t\r\"\\");
  CHECK(bytes_of(R"(\1\12\1234)") == std::string("\1\12\1234"));
  CHECK(bytes_of(R"(\377\0)") == std::string("\377\0", 2));
  CHECK(bytes_of(R"(\x4\x41a\X42)") == "\4AaB");
  CHECK(bytes_of("// no comment /* */ {}") == "// no comment /* */ {}");
}

TEST_CASE("wrong strings are located at the escape", "[parser]") {
  CHECK(mistakes(R"(begin { f("ab\q") })") == Lines{"1:14-16: invalid escape character"});
  CHECK(mistakes(R"(begin { f("\400") })") == Lines{"1:12-16: octal escape sequence out of range"});
  CHECK(mistakes(R"(begin { f("\xg") })") == Lines{"1:12-14: invalid hex escape sequence"});
  CHECK(mistakes("begin { f(\"abc\n\") }")[0] == "1:11-15: unterminated string");
  CHECK(mistakes("begin { f(\"abc\\") == Lines{"1:11-16: unterminated string"});
}

TEST_CASE("adjacent strings do not concatenate", "[parser]") {
  CHECK(mistakes(R"(begin { f("a" "b") })") == Lines{"1:15-18: expected ')'"});
}

}  // namespace
