// C text of a program: definitions, macros, conditionals, and what is said about mistakes.
#include "parser/c_parser.h"

#include <catch2/catch_test_macros.hpp>

#include "ast/c_constant.h"
#include "unit/parser/c_text.h"

using namespace gimlet;

namespace {

// "p: pointer, array 4 of struct x" - the steps from the name outwards, then the base type.
std::string described(const ast::CMember& member) {
  std::string text;
  for (const auto& step : member.type.derivations) {
    switch (step.kind) {
      case ast::CDerivation::Kind::Pointer:
        text += step.user ? "user pointer, " : "pointer, ";
        break;
      case ast::CDerivation::Kind::Function: text += "function, "; break;
      case ast::CDerivation::Kind::Array:
        text += "array";
        if (step.length) {
          const auto value = ast::evaluate(*step.length, {});
          const auto* integer = std::get_if<ast::CInteger>(&value);
          text += integer ? ' ' + std::to_string(integer->bits) : " ?";
        }
        text += ", ";
    }
  }
  return text + member.type.base.name;
}

std::string member_of(const std::string& declaration) {
  const CText text("struct s { " + declaration + " };");
  INFO(declaration);
  INFO(text.messages());
  REQUIRE_FALSE(text.diagnostics.has_errors());
  REQUIRE(text.definitions.records.size() == 1);
  REQUIRE(text.definitions.records[0].members.size() == 1);
  return described(text.definitions.records[0].members[0]);
}

std::string error_of(const std::string& source) { return CText(source).first_message(); }

uint64_t value_of(const std::string& expression) {
  const CText text("enum e { A = " + expression + " };");
  INFO(expression);
  INFO(text.messages());
  REQUIRE_FALSE(text.diagnostics.has_errors());
  const auto value = ast::evaluate(*text.definitions.enums.at(0).enumerators.at(0).value, {});
  REQUIRE(std::holds_alternative<ast::CInteger>(value));
  return std::get<ast::CInteger>(value).bits;
}

bool takes(const std::string& condition, std::vector<std::string> predefined = {}) {
  const CText text("#if " + condition + "\n#define TAKEN\n#endif\n", std::move(predefined));
  INFO(condition);
  INFO(text.messages());
  REQUIRE_FALSE(text.diagnostics.has_errors());
  return !text.definitions.macros.empty();
}

}  // namespace

TEST_CASE("spellings of C's integer types become one name each") {
  CHECK(member_of("int x;") == "int");
  CHECK(member_of("signed x;") == "int");
  CHECK(member_of("unsigned x;") == "unsigned int");
  CHECK(member_of("long unsigned int x;") == "unsigned long");
  CHECK(member_of("const long long int x;") == "long long");
  CHECK(member_of("short int volatile x;") == "short");
  CHECK(member_of("char x;") == "char");
  CHECK(member_of("signed char x;") == "signed char");
  CHECK(member_of("__u32 x;") == "__u32");
  CHECK(member_of("_Bool x;") == "_Bool");
  CHECK(member_of("long double x;") == "long double");
  CHECK(member_of("struct inode x;") == "struct inode");
  CHECK(member_of("enum pid_type x;") == "enum pid_type");
}

TEST_CASE("declarators are read from the name outwards") {
  CHECK(member_of("int *p;") == "pointer, int");
  CHECK(member_of("const char *const *p;") == "pointer, pointer, char");
  CHECK(member_of("int a[2][3];") == "array 2, array 3, int");
  CHECK(member_of("int *a[4];") == "array 4, pointer, int");
  CHECK(member_of("int (*a)[4];") == "pointer, array 4, int");
  CHECK(member_of("char rest[];") == "array, char");
  CHECK(member_of("int (*f)(void);") == "pointer, function, int");
  CHECK(member_of("int (*f[4])(struct s *, char (*)[3]);") == "array 4, pointer, function, int");
  CHECK(member_of("void *(*f(int))(long);") == "function, pointer, function, pointer, void");
  CHECK(member_of("char __user *name;") == "user pointer, char");
  CHECK(member_of("char __attribute__((btf_type_tag(\"user\"))) *name;") == "user pointer, char");
}

TEST_CASE("lists, bitfields and definitions inside definitions") {
  const CText text(R"(
struct outer {
  int a, *b, c[2];
  unsigned x : 3, : 0, y : 1 + 1;
  struct { int p; union { int q; long r; }; };
  struct inner { short s; } in, *ptr;
  enum kind { ONE = 1, TWO } kind;
  enum { HIDDEN };
  struct only_defined { int z; };
} __attribute__((packed, aligned(8)));
)");
  INFO(text.messages());
  REQUIRE_FALSE(text.diagnostics.has_errors());
  const auto& records = text.definitions.records;
  REQUIRE(records.size() == 5);
  const auto& outer = records[0];
  CHECK(outer.name == "struct outer");
  CHECK(outer.attributes.packed);
  CHECK(outer.attributes.alignments.size() == 1);
  REQUIRE(outer.members.size() == 10);
  CHECK(described(outer.members[1]) == "pointer, int");
  CHECK(described(outer.members[2]) == "array 2, int");
  CHECK(outer.members[3].bit_width.has_value());
  CHECK(outer.members[4].name.empty());
  CHECK(outer.members[4].bit_width.has_value());
  CHECK(outer.members[6].name.empty());
  CHECK(outer.members[6].type.base.name == records[1].name);
  CHECK(described(outer.members[8]) == "pointer, struct inner");
  CHECK(outer.members[9].name == "kind");
  CHECK(records[2].is_union);
  CHECK(records[3].name == "struct inner");
  CHECK(records[4].name == "struct only_defined");
  REQUIRE(text.definitions.enums.size() == 2);
  CHECK(text.definitions.enums[0].name == "enum kind");
  CHECK(text.definitions.enums[1].anonymous);
}

TEST_CASE("attributes are found in all their places") {
  const CText text(R"(
struct __attribute__((__packed__)) a { int x __attribute__((aligned(4), deprecated("old"))); };
struct b { __attribute__((aligned)) int y; _Alignas(16) char z; struct { int v; } __attribute__((packed)) w; }
)");
  INFO(text.messages());
  REQUIRE_FALSE(text.diagnostics.has_errors());
  const auto& records = text.definitions.records;
  REQUIRE(records.size() == 3);
  CHECK(records[0].attributes.packed);
  CHECK(records[0].members[0].attributes.alignments.size() == 1);
  CHECK(records[1].members[0].attributes.alignments.size() == 1);
  CHECK(records[1].members[1].attributes.alignments.size() == 1);
  CHECK(records[2].attributes.packed);
}

TEST_CASE("constant expressions follow C's rules") {
  CHECK(value_of("1 + 2 * 3") == 7);
  CHECK(value_of("(1 + 2) * 3") == 9);
  CHECK(value_of("1 << 31") == 0xffffffff80000000);
  CHECK(value_of("1U << 31") == 0x80000000);
  CHECK(value_of("~0U") == 0xffffffff);
  CHECK(value_of("~0UL") == 0xffffffffffffffff);
  CHECK(value_of("-1 < 0U") == 0);
  CHECK(value_of("-1L < 0U") == 1);
  CHECK(value_of("-7 / 2") == static_cast<uint64_t>(-3));
  CHECK(value_of("-7 % 2") == static_cast<uint64_t>(-1));
  CHECK(value_of("0x10 | 010 | 0b11") == 27);
  CHECK(value_of("'A' + '\\n'") == 75);
  CHECK(value_of("1 ? 2 : 1 / 0") == 2);
  CHECK(value_of("0 && 1 / 0 || 3 == 3") == 1);
  CHECK(value_of("1 - -1 - +1") == 1);
  CHECK(value_of("-0x7fffffff - 1 >> 1") == 0xffffffffc0000000);
  CHECK(value_of("2147483648 * 2") == 4294967296);
}

TEST_CASE("macros are kept for the program and replaced in definitions") {
  const CText text(R"(
#define LEN (TWO * 4) /* bytes */
#define TWO 2
#define u8 unsigned char
#define GREETING "hello  world"
#define CALL(x) ((x) + 1)
#define GONE 1
#undef GONE
#define EMPTY
struct s { EMPTY u8 data[LEN]; };
#define TWO 3
)");
  INFO(text.messages());
  REQUIRE_FALSE(text.diagnostics.has_errors());
  CHECK(described(text.definitions.records[0].members[0]) == "array 8, unsigned char");
  const auto& macros = text.definitions.macros;
  REQUIRE(macros.size() == 6);
  CHECK(macros[0].name == "CALL");
  CHECK(macros[0].function_like);
  CHECK(macros[1].name == "EMPTY");
  CHECK(macros[1].replacement.empty());
  CHECK(macros[2].replacement == "\"hello  world\"");
  CHECK(macros[3].replacement == "(TWO*4)");
  CHECK(macros[4].replacement == "3");
  CHECK(macros[5].replacement == "unsignedchar");
  CHECK(text.sources.text(macros[3].range) == "LEN");
}

TEST_CASE("a macro that names itself is left alone after one step") {
  const CText text("#define inode inode\n#define a b\n#define b a\nstruct s { inode x; a y; };");
  INFO(text.messages());
  REQUIRE_FALSE(text.diagnostics.has_errors());
  CHECK(described(text.definitions.records[0].members[0]) == "inode");
  CHECK(described(text.definitions.records[0].members[1]) == "a");
}

TEST_CASE("conditionals decide what is read") {
  CHECK(takes("1"));
  CHECK_FALSE(takes("0"));
  CHECK_FALSE(takes("NOBODY_DEFINED_THIS"));
  CHECK(takes("!defined(X) && !defined Y"));
  CHECK(takes("defined(BPFTRACE_HAVE_BTF)", {"BPFTRACE_HAVE_BTF"}));
  CHECK(takes("BPFTRACE_HAVE_BTF == 1", {"BPFTRACE_HAVE_BTF"}));
  CHECK(takes("-1 > 0u"));
  CHECK(takes("(2 + 3) * 4 == 20 ? 1 : 0"));
  CHECK(takes("0xffffffff + 1 == 0x100000000"));
}

TEST_CASE("branches of conditionals") {
  const CText text(R"(
#define VERSION 2
#if VERSION == 1
struct one { int x; };
#elif VERSION == 2
struct two {
#ifdef WIDE
  long x;
#else
  short x;
#endif
};
# if 0
#error not here: don't
#  if 1
struct wrong { ;
#  endif
# endif
#elif VERSION == 3 && 1 / 0
struct three { int x; };
#else
struct four { int x; };
#endif
#ifndef VERSION
#include <linux/never.h>
#endif
#include <linux/sched.h>
#include "own.h"
)");
  INFO(text.messages());
  REQUIRE_FALSE(text.diagnostics.has_errors());
  REQUIRE(text.definitions.records.size() == 1);
  CHECK(text.definitions.records[0].name == "struct two");
  CHECK(described(text.definitions.records[0].members[0]) == "short");
  REQUIRE(text.definitions.includes.size() == 2);
  CHECK(text.definitions.includes[0].path == "linux/sched.h");
  CHECK_FALSE(text.definitions.includes[0].quoted);
  CHECK(text.definitions.includes[1].path == "own.h");
  CHECK(text.definitions.includes[1].quoted);
}

TEST_CASE("a condition that a header could decide is pointed out") {
  const CText text("#include <linux/version.h>\n#if LINUX_VERSION_CODE > 5\n#endif\n");
  CHECK_FALSE(text.diagnostics.has_errors());
  CHECK(text.messages() ==
        "test.bt:2:1-27: 'LINUX_VERSION_CODE' is not defined here and counts as 0\n");
  CHECK(CText("#if LINUX_VERSION_CODE > 5\n#endif\n").messages().empty());
}

TEST_CASE("mistakes in C text are reported in clear words") {
  CHECK(error_of("struct s { int x };") == "syntax: expected ';' after the member 'x', found '}'");
  CHECK(error_of("struct s { int; };") == "syntax: a member of type 'int' needs a name");
  CHECK(error_of("struct s { int x[-; };") == "syntax: expected a constant expression, found ';'");
  CHECK(error_of("struct s { int x[2; };") ==
        "syntax: expected ']' after the array's size, found ';'");
  CHECK(error_of("struct s { int x; } __attribute__(packed);") ==
        "syntax: __attribute__ syntax error");
  CHECK(error_of("struct s { int x; } __attribute__((vector_size(8)));") ==
        "the attribute 'vector_size' is not supported");
  CHECK(error_of("struct s { int x; } name;") ==
        "syntax: expected ';' after the definition of 'struct s', found 'name'");
  CHECK(error_of("struct s { int x; };\nstruct s { int y; };") == "redefinition of 's'");
  CHECK(error_of("enum a { X };\nenum b { X };") == "redefinition of enumerator 'X'");
  CHECK(error_of("enum a { };") == "'enum a' has no enumerators");
  CHECK(error_of("enum a { X Y };") ==
        "syntax: expected ',' or '}' after the enumerator 'X', found 'Y'");
  CHECK(error_of("struct s { typedef int x; };") == "'typedef' is not supported in C definitions");
  CHECK(error_of("struct s { long char x; };") == "these words do not make a type");
  CHECK(error_of("struct s { @ };") == "syntax: expected a type, found '@'");
  CHECK(error_of("int x;") ==
        "syntax: expected a definition of a struct, union or enum, found 'int'");
  CHECK(error_of("#if 1\n") == "syntax: unterminated conditional");
  CHECK(error_of("#endif\n") == "syntax: #endif without #if");
  CHECK(error_of("#else\n") == "syntax: #else without #if");
  CHECK(error_of("#if 1\n#else\n#else\n#endif\n") == "syntax: #else after #else");
  CHECK(error_of("#if\n#endif\n") == "syntax: this line needs a condition");
  CHECK(error_of("#if F(1)\n#endif\n") == "'F(...)' is not a constant expression");
  CHECK(error_of("#ifdef\n#endif\n") == "syntax: expected a macro's name after #ifdef");
  CHECK(error_of("#if 1 / 0\n#endif\n") == "division by zero in a constant expression");
  CHECK(error_of("#include linux/x.h\n") == "syntax: expected \"FILE\" or <FILE> after #include");
  CHECK(error_of("#define\n") == "syntax: expected a macro's name after #define");
  CHECK(error_of("#frobnicate\n") == "invalid preprocessor line '#frobnicate'");
  CHECK(error_of("#error no luck today\n") == "#error no luck today");
  CHECK(error_of("#define X 1 \\\n") ==
        "syntax: a preprocessor line cannot be continued with a backslash");
  CHECK(error_of("#pragma pack(1)\n") == "#pragma pack is not supported");
  CHECK(error_of("#define X 1 /* more\n") == "syntax: unterminated comment");
  CHECK(error_of("#define F(x) x\nstruct s { int a[F(2)]; };") ==
        "the macro 'F' takes arguments, which C definitions cannot use");
  CHECK(error_of("struct s { int a[0x]; };") == "'0x' is not an integer");
  CHECK(error_of("struct s { int a[99999999999999999999]; };") ==
        "this number does not fit into 64 bits");
}

TEST_CASE("mistakes are located in the program") {
  const CText text("#define N 4\n\nstruct s {\n  int a[N;\n};\nstruct t { int b };\n");
  CHECK(text.messages() ==
        "test.bt:4:10-11: syntax: expected ']' after the array's size, found ';'\n"
        "test.bt:6:18-19: syntax: expected ';' after the member 'b', found '}'\n");
}

TEST_CASE("no text, no work") {
  const CText text("");
  CHECK(text.pieces.empty());
  CHECK(text.definitions.empty());
}

TEST_CASE("any text is read to its end") {
  const auto repeat = [](const char* text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
  };
  CHECK(error_of(repeat("struct {", 100'000)) == "this is nested too deeply");
  CHECK(error_of("struct s { int a[" + repeat("(", 100'000)) == "this is nested too deeply");
  CHECK(error_of("struct s { int a[" + repeat("-", 100'000)) == "this is nested too deeply");
  CHECK(error_of("struct s { int " + repeat("(*", 100'000)) == "this is nested too deeply");
  CHECK(error_of("struct s { int a[1" + repeat("+1", 100'000) + "]; };") ==
        "this expression is too long");
  CHECK(error_of("struct s { int a[" + repeat("1?", 100'000)) == "this is nested too deeply");
  CHECK(error_of("struct s { int " + repeat("*", 100'000) + "a; };") ==
        "too many levels of pointers");
  CHECK(error_of("struct s { int a" + repeat("[1]", 100'000) + "; };") ==
        "this type has too many parts");
  CHECK(error_of(repeat("#if 1\n", 1000)) == "conditionals are nested too deeply here");

  std::string laughs = "#define m0 x x\n";
  for (int i = 1; i < 40; ++i) {
    const std::string previous = "m" + std::to_string(i - 1);
    laughs += "#define m" + std::to_string(i) + ' ' + previous + ' ' + previous + '\n';
  }
  CHECK(error_of(laughs + "struct s { m39 };") ==
        "the macros in this definition expand to too much text");
  std::string chain;
  for (int i = 0; i < 1000; ++i) {
    chain += "#define c" + std::to_string(i) + " c" + std::to_string(i + 1) + '\n';
  }
  CHECK(error_of(chain + "struct s { c0 x; };") == "macros are nested too deeply here");
}

TEST_CASE("texts that are cut off or damaged give errors, not crashes") {
  const std::string whole =
      "#define N (1 << 2)\n#if defined(N) && N > 3\nstruct s { int a[N], *b; unsigned c : 3; "
      "struct { char d[sizeof(long) * 2]; } __attribute__((packed, aligned(8))) e; "
      "int (*f[2])(void); enum k { A = 'x', B = A ? -1 : +2 } g; } __attribute__((packed));\n"
      "#endif\n#include <linux/fs.h>\n";
  REQUIRE(error_of(whole).empty());
  for (size_t length = 0; length < whole.size(); ++length) {
    const CText cut(whole.substr(0, length));
    CHECK(cut.definitions.records.size() <= 2);
  }
  const std::string bytes = "{}()[]*:;,#\"'\\/=?!-~x1 \n\t\xff";
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const char byte : bytes) {
      std::string damaged = whole;
      damaged[at] = byte;
      const CText text(std::move(damaged));
      CHECK(text.definitions.records.size() <= 2);
    }
  }
}
