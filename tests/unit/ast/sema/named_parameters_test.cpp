// Unit tests of named parameters: what getopt() declares, and the words that give values.
#include "ast/sema/named_parameters.h"

#include <catch2/catch_test_macros.hpp>

using namespace gimlet;
using namespace gimlet::ast;
using namespace gimlet::ast::sema;

namespace {

using Words = std::vector<std::string>;

Constant number(int64_t n) { return IntegerConstant{static_cast<uint64_t>(n), n < 0}; }
Constant text(const char* t) { return std::string(t); }

// A script's declarations. Argument n of a call has the range n*10 .. n*10+1.
struct Script {
  NamedParameters parameters;
  base::Diagnostics diagnostics;
  uint32_t calls = 0;

  const NamedParameter* getopt(std::vector<std::optional<Constant>> constants) {
    std::vector<GetoptArgument> arguments;
    for (auto& constant : constants) {
      auto begin = static_cast<uint32_t>(arguments.size() + 1) * 10;
      arguments.push_back({std::move(constant), {0, begin, begin + 1}});
    }
    calls++;
    return declare_parameter(arguments, {0, calls * 1000, calls * 1000 + 9}, parameters,
                             diagnostics);
  }
  // The message of the only mistake.
  std::string mistake() const {
    REQUIRE(diagnostics.all().size() == 1);
    return diagnostics.all()[0].message;
  }
  uint32_t mistake_begin() const { return diagnostics.all().at(0).range.value().begin; }
};

Script sample() {
  Script script;
  REQUIRE(script.getopt({text("size"), number(8), text("bytes to read")}));
  REQUIRE(script.getopt({text("dry")}));
  return script;
}

// The value of the parameter "n" with this default.
ParameterValue value(Constant default_value, const Words& words) {
  Script script;
  const NamedParameter* n = script.getopt({text("n"), std::move(default_value)});
  REQUIRE(n);
  auto values = parse_parameters(script.parameters, words);
  REQUIRE(values);
  CHECK(parameter_value(*n, words) == values->at("n"));
  return values->at("n");
}

std::string error(Constant default_value, const Words& words) {
  Script script;
  const NamedParameter* n = script.getopt({text("n"), default_value});
  REQUIRE(n);
  auto values = parse_parameters(script.parameters, words);
  if (values) return "";
  CHECK(values.error().exit_status == 1);
  CHECK(values.error().hint.empty());
  CHECK(parameter_value(*n, words) == n->default_value);
  return values.error().message;
}

ParameterValue u(uint64_t n) { return n; }
ParameterValue i(int64_t n) { return n; }

}  // namespace

TEST_CASE("words of the program are named or positional") {
  ProgramWords words = split_words({"a", "--b=1", "-7", "--", "--c"});
  CHECK(words.positional == Words{"a", "-7"});
  CHECK(words.named == Words{"--b=1", "--", "--c"});
}

TEST_CASE("the default gives a parameter its kind") {
  auto type = [](std::vector<std::optional<Constant>> arguments) {
    Script script;
    const NamedParameter* p = script.getopt(std::move(arguments));
    REQUIRE(p);
    return type_name(parameter_type(p->default_value, 64));
  };
  CHECK(type({text("n")}) == "bool");
  CHECK(type({text("n"), true}) == "bool");
  CHECK(type({text("n"), number(0)}) == "uint64");
  CHECK(type({text("n"), number(-1)}) == "int64");
  CHECK(type({text("n"), text("x")}) == "string[64]");
}

TEST_CASE("without a word the default counts") {
  Script script;
  REQUIRE(script.getopt({text("b")}));
  CHECK(parse_parameters(script.parameters, {}).value().at("b") == ParameterValue(false));
  CHECK(value(true, {}) == ParameterValue(true));
  CHECK(value(number(8), {}) == u(8));
  CHECK(value(number(-8), {}) == i(-8));
  CHECK(value(text("x"), {}) == ParameterValue(std::string("x")));
}

TEST_CASE("booleans on the command line") {
  CHECK(value(false, {"--n"}) == ParameterValue(true));
  for (const char* yes : {"--n=1", "--n=true", "--n=ON", "--n=Yes"}) {
    CHECK(value(false, {yes}) == ParameterValue(true));
  }
  for (const char* no : {"--n=0", "--n=FALSE", "--n=off", "--n=no"}) {
    CHECK(value(true, {no}) == ParameterValue(false));
  }
  CHECK(error(false, {"--n=maybe"}) ==
        "program command line option --n expects a boolean (e.g. 'true') (value: maybe)");
  CHECK(error(false, {"--n="}) ==
        "program command line option --n expects a boolean (e.g. 'true') (value: )");
}

TEST_CASE("integers on the command line") {
  CHECK(value(number(8), {"--n=0x10"}) == u(16));
  CHECK(value(number(8), {"--n=1ms"}) == u(1000000));
  CHECK(value(number(8), {"--n=18446744073709551615"}) == u(UINT64_MAX));
  CHECK(value(number(8), {"--n=-4"}) == u(UINT64_MAX - 3));
  CHECK(value(number(-1), {"--n=5"}) == i(5));
  CHECK(value(number(-1), {"--n=-9223372036854775808"}) == i(INT64_MIN));
  CHECK(value(number(-1), {"--n=9223372036854775807"}) == i(INT64_MAX));
  CHECK(value(number(8), {"--n=1", "--n=2"}) == u(2));

  CHECK(error(number(8), {"--n"}) ==
        "program command line option --n expects an integer (value: true)");
  CHECK(error(number(-8), {"--n"}) ==
        "program command line option --n expects an integer (value: true)");
  CHECK(error(number(8), {"--n=big"}) ==
        "program command line option --n invalid integer (value: big)");
  CHECK(error(number(8), {"--n="}) == "program command line option --n invalid integer (value: )");
  CHECK(error(number(8), {"--n=--4"}) ==
        "program command line option --n invalid integer (value: --4)");
  CHECK(error(number(8), {"--n=1x"}) ==
        "program command line option --n invalid trailing bytes (value: 1x)");
  CHECK(error(number(8), {"--n=18446744073709551616"}) ==
        "program command line option --n value is out of range (value: 18446744073709551616)");
  CHECK(error(number(-8), {"--n=9223372036854775808"}) ==
        "program command line option --n value is out of range (value: 9223372036854775808)");
  CHECK(error(number(-8), {"--n=-9223372036854775809"}) ==
        "program command line option --n value is out of range (value: -9223372036854775809)");
}

TEST_CASE("strings on the command line") {
  CHECK(value(text("x"), {"--n=y"}) == ParameterValue(std::string("y")));
  CHECK(value(text("x"), {"--n="}) == ParameterValue(std::string()));
  CHECK(value(text("x"), {"--n=a=b=c"}) == ParameterValue(std::string("a=b=c")));
  CHECK(error(text("x"), {"--n"}) ==
        "program command line option --n expects a string (value: true)");
}

TEST_CASE("unexpected options are listed with those that exist") {
  Script script = sample();
  auto values = parse_parameters(script.parameters, {"--slow=1", "--fast", "--fast"});
  REQUIRE_FALSE(values);
  CHECK(values.error().message == "unexpected program command line options: --fast, --slow");
  CHECK(values.error().hint == "expected program options: --dry: --size");
  CHECK(values.error().exit_status == 1);

  values = parse_parameters({}, {"--x"});
  REQUIRE_FALSE(values);
  CHECK(values.error().message == "unexpected program command line options: --x");
  CHECK(values.error().hint == "no custom program options defined.");
}

TEST_CASE("--help is an unexpected option that only lists") {
  Script script = sample();
  auto values = parse_parameters(script.parameters, {"--help", "--slow", "--size=big"});
  REQUIRE_FALSE(values);
  CHECK(values.error().message == "");
  CHECK(values.error().hint == "expected program options:\n--dry\n--size: bytes to read");
  CHECK(values.error().exit_status == 1);

  values = parse_parameters({}, {"--help"});
  REQUIRE_FALSE(values);
  CHECK(values.error().message == "");
  CHECK(values.error().hint == "no custom program options defined.");
}

TEST_CASE("a parameter may be named help") {
  Script script;
  REQUIRE(script.getopt({text("help")}));
  auto values = parse_parameters(script.parameters, {"--help"});
  REQUIRE(values);
  CHECK(values->at("help") == ParameterValue(true));
}

TEST_CASE("arguments of getopt must be literals") {
  Script script;
  SECTION("name") {
    CHECK_FALSE(script.getopt({number(1)}));
    CHECK(script.mistake() == "First argument to 'getopt' must be a string literal");
    CHECK(script.mistake_begin() == 10);
  }
  SECTION("name that is not constant") {
    CHECK_FALSE(script.getopt({std::nullopt}));
    CHECK(script.mistake() == "First argument to 'getopt' must be a string literal");
  }
  SECTION("default") {
    CHECK_FALSE(script.getopt({text("n"), std::nullopt}));
    CHECK(script.mistake() ==
          "Second argument to 'getopt' must be a string literal, integer literal, or a boolean "
          "literal.");
    CHECK(script.mistake_begin() == 20);
  }
  SECTION("description") {
    CHECK_FALSE(script.getopt({text("n"), number(1), number(2)}));
    CHECK(script.mistake() == "Third argument to 'getopt' must be a string literal");
    CHECK(script.mistake_begin() == 30);
  }
  CHECK(script.parameters.empty());
}

TEST_CASE("calls with one name must agree") {
  Script script;
  SECTION("and may be repeated") {
    const NamedParameter* first = script.getopt({text("n"), number(8), text("d")});
    CHECK(script.getopt({text("n"), number(8), text("d")}) == first);
    CHECK(script.getopt({text("b")}) == script.getopt({text("b"), false}));
    CHECK(script.diagnostics.all().empty());
    CHECK(script.parameters.size() == 2);
  }
  SECTION("on the default") {
    REQUIRE(script.getopt({text("n"), number(-8)}));
    CHECK_FALSE(script.getopt({text("n"), number(9)}));
    CHECK(script.mistake() ==
          "needs to have the same default value in all places it is used. Previous default value: "
          "-8");
    CHECK(script.mistake_begin() == 2000);
  }
  SECTION("on its kind") {
    REQUIRE(script.getopt({text("n"), text("8")}));
    CHECK_FALSE(script.getopt({text("n"), number(8)}));
    CHECK(script.mistake() ==
          "needs to have the same default value in all places it is used. Previous default value: "
          "8");
  }
  SECTION("on the description") {
    REQUIRE(script.getopt({text("n"), number(8), text("d")}));
    CHECK_FALSE(script.getopt({text("n"), number(8)}));
    CHECK(script.mistake() == "must have the same description in all places");
  }
}

TEST_CASE("values become constants") {
  CHECK(std::get<bool>(to_constant(true)));
  CHECK(std::get<std::string>(to_constant(std::string("x"))) == "x");
  auto large = std::get<IntegerConstant>(to_constant(u(UINT64_MAX)));
  CHECK(large.bits == UINT64_MAX);
  CHECK_FALSE(large.negative);
  auto negative = std::get<IntegerConstant>(to_constant(i(-1)));
  CHECK(negative.bits == UINT64_MAX);
  CHECK(negative.negative);
}
