// Types and macros from headers. The tests that run clang are left out where it is not installed.
#include "kernel/header_types.h"

#include <catch2/catch_test_macros.hpp>

#include "ast/type.h"
#include "kernel/header_text.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;

namespace {

void need_clang() {
  if (std::system("command -v clang >/dev/null 2>&1") != 0) SKIP("clang is not installed");
}

kernel::HeaderUnit unit_of(std::vector<std::string> pieces) {
  kernel::HeaderUnit unit;
  for (std::string& piece : pieces) {
    const auto line = static_cast<uint32_t>(unit.pieces.size() + 1);
    unit.pieces.push_back({std::move(piece), "test.bt", line});
  }
  return unit;
}

// A header of the test's own, included by its path.
constexpr const char* kHeader = R"(
#pragma once
#include <stddef.h>
#define OWN_LIMIT ( 4 * 2 )
#define OWN_CALL(x) ((x) + 1)
#define OWN_GREETING "a  b" " c"
#define OWN_GONE 1
#undef OWN_GONE
enum { OWN_A = 5, OWN_B };
enum own_kind { OWN_X = -1, OWN_Y };
enum __attribute__((packed)) own_small { OWN_Z = 200 };
typedef struct { int first; char text[OWN_LIMIT]; } own_t;
typedef int (*own_callback_t)(own_t *, void *);
typedef struct own_node *(own_function_t)(int);
typedef unsigned own_pair_t[2], own_alias_t;
struct own_node { struct own_node *next; own_callback_t call; struct own_inner { short s; } inner;
  unsigned bits : 3; union { long whole; int half; }; enum { OWN_NESTED = 9 } nested; };
struct own_unseen;
static inline int own_function(struct own_unseen *p) {
  struct local { int x; } l = { 1 };
  asm volatile("nonsense %0" : "=Q"(l.x));
  return l.x;
}
extern int own_values[];
static const struct own_node own_table[1] = { { 0, 0, { 1 } } };
asm(".nonsense");
)";

}  // namespace

TEST_CASE("preprocessed text is cut down to what matters") {
  const auto text = kernel::read_preprocessed(
      "# 1 \"<built-in>\" 1\n#define __INTERNAL__ 1\n# 1 \"a.h\" 1\n"
      "#define N 4 + 4\n#define S \"a  b\"\n#define F(x) x\n#define GONE\n#undef GONE\n"
      "enum { A, B };\nenum { C } variable;\ntypedef enum { D } d_t;\n"
      "struct s { enum { E } e; struct inner { int x; } i; };\n"
      "static inline int f(int x) __attribute__((cold))\n{\n  struct local { int y; };\n}\n"
      "struct __attribute__((packed)) p { char c; };\n"
      "typedef int (*callback)(struct s *), *number, list[4];\n"
      "asm(\"nonsense { \");\nunion u { int x; } __attribute__((aligned(8)));\n"
      "struct only_named;\n");
  CHECK(text.types == std::vector<std::string>{"callback", "d_t", "enum gimlet_enum_1", "list",
                                               "number", "struct inner", "struct p", "struct s",
                                               "union u"});
  CHECK(text.declarations.find("enum gimlet_enum_1 { A, B };\nenum { C } variable;") !=
        std::string::npos);
  CHECK(text.declarations.find("__attribute__((cold))\n;\n\n\nstruct __attribute__") !=
        std::string::npos);
  CHECK(text.declarations.find("nonsense") == std::string::npos);
  REQUIRE(text.macros.size() == 3);
  CHECK(text.macros[0].function_like);
  CHECK(text.macros[1].replacement == "4+4");
  CHECK(text.macros[2].replacement == "\"a  b\"");
}

TEST_CASE("damaged text does not stop the reader") {
  const std::string whole =
      "#define N \"\n# 1 \"x\nenum { A } ; typedef struct { int ( x [ } t ) ; int f ( ) { ( } } "
      "__attribute__ ( ( struct { typedef ( * ) ; asm enum { ' \" \\ ";
  for (size_t length = 0; length <= whole.size(); ++length) {
    for (size_t begin = 0; begin < length; ++begin) {
      const auto text = kernel::read_preprocessed(whole.substr(begin, length - begin));
      CHECK(text.declarations.size() <= 3 * whole.size());
    }
  }
}

TEST_CASE("the kernel's header folders are those that exist") {
  ::setenv("BPFTRACE_KERNEL_SOURCE", "/nonexistent", 1);
  ::setenv("BPFTRACE_KERNEL_BUILD", "/nonexistent", 1);
  CHECK(kernel::kernel_header_folders().empty());
  ::setenv("BPFTRACE_KERNEL_SOURCE", "/usr", 1);
  CHECK(kernel::kernel_header_folders() == std::vector<std::string>{"/usr/include"});
  ::unsetenv("BPFTRACE_KERNEL_SOURCE");
  ::unsetenv("BPFTRACE_KERNEL_BUILD");
}

TEST_CASE("every type of a header is found") {
  need_clang();
  const TemporaryFile header(kHeader);
  auto types = kernel::clang_header_types(unit_of({"#include \"" + header.path() + "\""}));

  auto node = types->find_struct("struct own_node");
  REQUIRE(node.ok());
  REQUIRE(*node);
  CHECK((*node)->size == 40);
  CHECK((*node)->find("call")->offset == 8);
  CHECK((*node)->find("bits")->bit_width == 3);
  CHECK((*node)->find("half")->offset == 24);
  CHECK(ast::type_name((*node)->find("inner")->type) == "struct own_inner");

  auto own = types->find_type("own_t");
  REQUIRE(own.ok());
  REQUIRE(own->has_value());
  CHECK((*own)->size == 12);
  auto layout = types->find_struct((*own)->name);
  REQUIRE(layout.ok());
  REQUIRE(*layout);
  CHECK(ast::type_name((*layout)->find("text")->type) == "string[8]");
  CHECK(ast::type_name(**types->find_type("own_callback_t")) == "void *");
  CHECK(ast::type_name(**types->find_type("own_pair_t")) == "uint32[2]");
  CHECK(ast::type_name(**types->find_type("own_alias_t")) == "uint32");
  CHECK(ast::type_name(**types->find_type("size_t")) == "uint64");
  CHECK_FALSE(types->find_type("own_nothing_t")->has_value());
  CHECK(*types->find_struct("struct own_unseen") == nullptr);
  CHECK(*types->find_struct("struct local") == nullptr);

  CHECK((*types->find_enum("enum own_kind"))->is_signed);
  CHECK((*types->find_enum("enum own_small"))->size == 1);
  CHECK((*types->find_enum_constant("OWN_B"))->value == 6);
  CHECK((*types->find_enum_constant("OWN_B"))->enum_name.empty());
  CHECK((*types->find_enum_constant("OWN_Y"))->enum_name == "enum own_kind");
  CHECK((*types->find_enum_constant("OWN_NESTED"))->value == 9);
  CHECK_FALSE(types->find_enum_constant("OWN_NOTHING")->has_value());
}

TEST_CASE("macros of a header, and of the program's own lines") {
  need_clang();
  const TemporaryFile header(kHeader);
  auto unit = unit_of({"#define OWN_EARLY 1", "#include \"" + header.path() + "\"",
                       "#ifdef BPFTRACE_HAVE_BTF", "#define OWN_BTF OWN_LIMIT", "#endif"});
  unit.predefined = {"BPFTRACE_HAVE_BTF"};
  auto types = kernel::clang_header_types(std::move(unit));
  CHECK((*types->find_macro("OWN_LIMIT"))->replacement == "(4*2)");
  CHECK((*types->find_macro("OWN_GREETING"))->replacement == "\"a  b\"\" c\"");
  CHECK((*types->find_macro("OWN_CALL"))->function_like);
  CHECK((*types->find_macro("OWN_BTF"))->replacement == "OWN_LIMIT");
  CHECK(*types->find_macro("OWN_GONE") == nullptr);
  CHECK(*types->find_macro("__INT_MAX__") == nullptr);
}

TEST_CASE("the program's own structures see the headers' macros") {
  need_clang();
  const TemporaryFile header(kHeader);
  auto types = kernel::clang_header_types(
      unit_of({"#include \"" + header.path() + "\"",
               "struct mine { u32 values[OWN_LIMIT + 1]; own_t own; struct { u8 x; } in; }"}));
  auto mine = types->find_program_struct("struct mine");
  REQUIRE(mine.ok());
  REQUIRE(*mine);
  CHECK((*mine)->size == 52);
  CHECK(ast::type_name((*mine)->find("values")->type) == "uint32[9]");
  auto inner = types->find_struct((*mine)->find("in")->type.name);
  REQUIRE(inner.ok());
  REQUIRE(*inner);
  CHECK((*inner)->find("x"));
  CHECK(*types->find_struct("struct mine") == nullptr);
}

TEST_CASE("headers can use <linux/types.h> although programs are told that it was included") {
  need_clang();
  need_file("/usr/include/linux/if_ether.h");
  auto unit = unit_of({"#include <linux/if_ether.h>"});
  unit.predefined = {"BPFTRACE_HAVE_BTF", "_LINUX_TYPES_H"};
  auto types = kernel::clang_header_types(std::move(unit));
  auto header = types->find_struct("struct ethhdr");
  REQUIRE(header.ok());
  REQUIRE(*header);
  CHECK((*header)->size == 14);
}

TEST_CASE("folders are searched for quoted and angled headers") {
  need_clang();
  const TemporaryFile header("#define FOUND 7\n");
  const size_t slash = header.path().rfind('/');
  const std::string folder = header.path().substr(0, slash);
  const std::string name = header.path().substr(slash + 1);
  auto quoted = unit_of({"#include \"" + name + "\""});
  quoted.quoted_folders = {folder};
  CHECK((*kernel::clang_header_types(std::move(quoted))->find_macro("FOUND"))->replacement == "7");
  auto angled = unit_of({"#include <" + name + ">"});
  angled.include_folders = {folder};
  CHECK((*kernel::clang_header_types(std::move(angled))->find_macro("FOUND"))->replacement == "7");
}

TEST_CASE("what clang says becomes the error") {
  need_clang();
  auto missing = kernel::clang_header_types(unit_of({"#define A 1", "#include <no/such.h>"}));
  auto answer = missing->find_struct("struct x");
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().message == "the headers that this program includes cannot be read");
  CHECK(answer.error().hint == "test.bt:2:10: fatal error: 'no/such.h' file not found");
  CHECK(answer.error().exit_status == 2);
  CHECK_FALSE(missing->find_macro("A").ok());

  auto wrong =
      kernel::clang_header_types(unit_of({"#include <stddef.h>", "struct x { nosuch y; }"}));
  auto other = wrong->find_program_struct("struct x");
  REQUIRE_FALSE(other.ok());
  CHECK(other.error().hint == "test.bt:2:12: error: unknown type name 'nosuch'");
  CHECK(wrong->find_macro("NULL").ok());
}

TEST_CASE("the unit of a program keeps its places") {
  base::SourceSet sources;
  const auto first = sources.add("tools/a.bt", "#include <x.h>\n  struct s { int x; };");
  const auto second = sources.add("stdin", "#define A 1");
  const auto unit =
      kernel::header_unit(sources, {{first, 0, 14}, {first, 17, 37}, {second, 0, 11}});
  REQUIRE(unit.pieces.size() == 3);
  CHECK(unit.pieces[1].text == "  struct s { int x; };");
  CHECK(unit.pieces[1].line == 2);
  CHECK(unit.pieces[1].file == "tools/a.bt");
  CHECK(unit.quoted_folders == std::vector<std::string>{"tools/", "."});
}

TEST_CASE("a machine without clang says so") {
  const char* path = std::getenv("PATH");
  const std::string saved = path ? path : "";
  ::setenv("PATH", "/nonexistent", 1);
  auto answer = kernel::clang_header_types(unit_of({"#include <stddef.h>"}))->find_macro("NULL");
  ::setenv("PATH", saved.c_str(), 1);
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().message == "clang is needed to read the headers that this program includes");
  CHECK(answer.error().hint == "install the Debian package clang");
}
