// What type names mean in a program with C definitions, over the frozen kernel.
#include "ast/sema/type_scope.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <map>

#include "unit/kernel/fixture.h"
#include "unit/parser/c_text.h"

using namespace gimlet;

namespace {

// Counts the questions, and passes them on.
class CountingKernel final : public kernel::Kernel {
 public:
  int questions = 0;

  bool has_btf() override { return asked().has_btf(); }
  const ast::StructLayout* find_struct(std::string_view name) override {
    return asked().find_struct(name);
  }
  const ast::EnumLayout* find_enum(std::string_view name) override {
    return asked().find_enum(name);
  }
  std::optional<ast::Type> find_type(std::string_view name) override {
    return asked().find_type(name);
  }
  std::optional<kernel::EnumConstant> find_enum_constant(std::string_view name) override {
    return asked().find_enum_constant(name);
  }
  std::vector<std::string> struct_names() override { return asked().struct_names(); }
  std::vector<std::string> type_names(const std::string&) override { return {}; }
  std::vector<kernel::CDefinition> type_definitions(const std::string&) override { return {}; }

  bool tracepoint_exists(const std::string&, const std::string&) override { return false; }
  base::Result<std::vector<std::string>> tracepoints() override { return none(); }
  base::Result<ast::StructLayout> tracepoint_format(const std::string&,
                                                    const std::string&) override {
    return none();
  }
  base::Result<std::vector<std::string>> tracepoint_field_lines(const std::string&,
                                                                const std::string&) override {
    return none();
  }
  std::vector<std::string> raw_tracepoints() override { return {}; }
  std::optional<kernel::RawTracepoint> raw_tracepoint(const std::string&) override { return {}; }
  std::vector<kernel::KernelFunction> kernel_functions(const std::string&,
                                                       const std::string&) override {
    return {};
  }
  std::vector<kernel::KernelFunction> match_kernel_functions(const std::string&) override {
    return {};
  }
  kernel::KernelPrototype kernel_prototype(const kernel::KernelFunction&) override { return {}; }
  std::vector<kernel::BpfFunction> bpf_functions() override { return {}; }
  std::vector<kernel::KernelIterator> iterators() override { return {}; }
  std::optional<kernel::KernelIterator> iterator(const std::string&) override { return {}; }
  base::Result<std::vector<std::string>> resolve_binary(const std::string&, uint64_t) override {
    return none();
  }
  base::Result<std::vector<kernel::FunctionSymbol>> functions(const std::string&) override {
    return none();
  }
  base::Result<kernel::FunctionSymbol> function(const std::string&, const std::string&) override {
    return none();
  }
  base::Result<uint64_t> file_offset(const std::string&, uint64_t) override { return none(); }
  bool may_call(const std::string&, ast::ProviderId) override { return false; }
  std::optional<uint32_t> percpu_variable(const std::string&) override { return {}; }
  base::Result<uint64_t> cgroup_id(const std::string&) override { return none(); }
  base::Result<std::vector<ast::UsdtMarker>> usdt_markers(const std::string&) override {
    return none();
  }
  std::optional<uint64_t> kernel_symbol(const std::string&) override { return {}; }
  bool is_traceable(const std::string&, const std::string&) override { return false; }
  std::vector<kernel::KernelFunction> match_traceable(const std::string&,
                                                      const std::string&) override {
    return {};
  }
  std::string traceable_problem() override { return {}; }
  bool module_loaded(const std::string&) override { return false; }
  uint64_t function_size(const std::string&) override { return 0; }
  bool supports(kernel::Feature) override { return false; }

 private:
  kernel::Kernel& asked() {
    ++questions;
    return *inner_;
  }
  static base::Error none() { return {"types only", {}}; }

  std::unique_ptr<kernel::Kernel> inner_ = frozen();
};

// Headers as a table.
class FakeHeaders final : public kernel::HeaderTypes {
 public:
  std::map<std::string, ast::StructLayout, std::less<>> structs;
  std::map<std::string, ast::CMacro, std::less<>> macros;
  std::optional<base::Error> failure;
  int questions = 0;

  base::Result<const ast::StructLayout*> find_struct(std::string_view name) override {
    ++questions;
    if (failure) return *failure;
    const auto found = structs.find(name);
    return found == structs.end() ? nullptr : &found->second;
  }
  base::Result<const ast::StructLayout*> find_program_struct(std::string_view name) override {
    return find_struct(name);
  }
  base::Result<const ast::EnumLayout*> find_enum(std::string_view) override {
    ++questions;
    if (failure) return *failure;
    return nullptr;
  }
  base::Result<std::optional<ast::Type>> find_type(std::string_view name) override {
    ++questions;
    if (failure) return *failure;
    if (name == "header_t") return std::optional(ast::integer_type(2, false));
    return std::optional<ast::Type>();
  }
  base::Result<std::optional<kernel::EnumConstant>> find_enum_constant(
      std::string_view name) override {
    ++questions;
    if (failure) return *failure;
    if (name == "HEADER_CONSTANT") return std::optional(kernel::EnumConstant{"", 7});
    return std::optional<kernel::EnumConstant>();
  }
  base::Result<const ast::CMacro*> find_macro(std::string_view name) override {
    ++questions;
    if (failure) return *failure;
    const auto found = macros.find(name);
    return found == macros.end() ? nullptr : &found->second;
  }
};

struct Program {
  explicit Program(std::string source, kernel::HeaderTypes* headers = nullptr)
      : text(std::move(source)), scope(text.definitions, kernel, text.diagnostics, headers) {}

  // "name: type at offset[.bit:width]; ..."
  std::string fields(const char* name) {
    const ast::StructLayout* layout = scope.find_struct(name);
    if (!layout) return "unknown";
    std::string out;
    for (const ast::Field& field : layout->fields) {
      out += field.name + ": " + ast::type_name(field.type) + " at " + std::to_string(field.offset);
      if (field.bit_width) {
        out += '.' + std::to_string(field.bit_offset) + ':' + std::to_string(field.bit_width);
      }
      out += "; ";
    }
    return out;
  }

  CText text;
  CountingKernel kernel;
  ast::sema::TypeScope scope;
};

std::string mistake_in(const std::string& source) {
  Program program(source);
  REQUIRE(program.text.messages().empty());
  program.scope.check();
  return program.text.first_message();
}

ast::StructLayout layout_of(const char* name, uint32_t size, const char* field) {
  ast::StructLayout layout;
  layout.name = name;
  layout.size = size;
  layout.fields.push_back({field, ast::integer_type(4, true), 0, 0, 0, false});
  return layout;
}

}  // namespace

TEST_CASE("members have the language's types") {
  Program program(R"(
#define LEN 4
enum colour { RED, GREEN = 5, BLUE };
struct s {
  char name[16]; unsigned char raw[4]; signed char small[2]; char rest_of[2][8];
  _Bool flag; bool other; enum colour colour; enum { X = 9 } plain;
  struct s *next, **list; int (*call)(int); int (*ops[2])(void); void *opaque;
  float ratio; double wide; __int128 huge; long double longer; float *ratios;
  int grid[2][LEN]; char __user *user; int (*window)[3]; char tail[];
};
)");
  CHECK(program.fields("struct s") ==
        "name: string[16] at 0; raw: uint8[4] at 16; small: int8[2] at 20; "
        "rest_of: string[8][2] at 22; flag: uint8 at 38; other: uint8 at 39; "
        "colour: enum colour at 40; plain: uint32 at 44; next: struct s * at 48; "
        "list: struct s * * at 56; call: void * at 64; ops: void *[2] at 72; opaque: void * at 88; "
        "ratio: none at 96; wide: none at 104; huge: none at 112; longer: none at 128; "
        "ratios: void * at 144; grid: int32[4][2] at 152; user: int8 * at 184; "
        "window: int32[3] * at 192; tail: int8[0] at 200; ");
  CHECK(program.text.messages().empty());
  const ast::StructLayout* layout = program.scope.find_struct("struct s");
  CHECK(layout->size == 208);
  CHECK(layout->find("next")->type.element->size == 208);
  CHECK(layout->find("next")->type.space == ast::AddressSpace::None);
  CHECK(layout->find("user")->type.space == ast::AddressSpace::User);
  CHECK(program.kernel.questions == 0);
}

TEST_CASE("members of a script's anonymous members are lifted") {
  Program program(R"(
struct s { int a; union { long b; struct { short c; unsigned d : 3, e : 7; }; }; struct { int f; } g; };
)");
  CHECK(program.fields("struct s") ==
        "a: int32 at 0; b: int64 at 8; c: int16 at 8; d: uint32 at 8.16:3; e: uint32 at 8.19:7; "
        "g: struct (anon #4) at 16; ");
  CHECK(program.fields("struct (anon #4)") == "f: int32 at 0; ");
}

TEST_CASE("bitfields in packed structures start at their first byte where they must") {
  Program program("struct s { u8 a; unsigned b : 30, c : 10; } __attribute__((packed));");
  CHECK(program.fields("struct s") == "a: uint8 at 0; b: uint32 at 1.0:30; c: uint32 at 4.6:10; ");
}

TEST_CASE("types that the program does not define come from BTF") {
  Program program(R"(
struct s { struct qstr name; atomic_t count; struct file *file; enum pid_type kind; fmode_t mode;
           char comm[TASK_COMM_LEN]; struct nowhere *p; u8 n[sizeof(struct qstr)]; };
)");
  CHECK(program.text.messages().empty());
  CHECK(program.fields("struct s") ==
        "name: struct qstr at 0; count: " + frozen()->find_type("atomic_t")->name +
            " at 16; file: struct file * at 24; "
            "kind: enum pid_type at 32; mode: uint32 at 36; comm: string[16] at 40; "
            "p: struct nowhere * at 56; n: uint8[16] at 64; ");
  CHECK(program.text.messages().empty());
  CHECK(program.fields("struct task_struct").find("pid: int32") != std::string::npos);
  CHECK(program.scope.find_enum_constant("PIDTYPE_SID")->value == 3);
}

TEST_CASE("a program's own type wins over the kernel's") {
  Program program("struct file { int mine; };\nenum pid_type { PIDTYPE_MINE = 40 };");
  CHECK(program.fields("struct file") == "mine: int32 at 0; ");
  CHECK(ast::type_name(*program.scope.find_type("file")) == "struct file");
  CHECK(program.scope.find_type("file")->size == 4);
  CHECK(program.scope.find_enum("enum pid_type")->values.size() == 1);
  CHECK(program.kernel.questions == 0);
}

TEST_CASE("enums are measured as compilers do it") {
  Program program(R"(
enum small { S0, S1 = -1, S2 };
enum large { L0 = 0xffffffff, L1 };
enum tiny { T0 = 200 } __attribute__((packed));
enum linked { A = S2 + 10, B = sizeof(struct s), C = B << 1 };
struct s { enum tiny t; enum large l; };
)");
  CHECK(program.scope.find_enum("enum small")->is_signed);
  CHECK(program.scope.find_enum("enum small")->size == 4);
  CHECK(program.scope.find_enum("enum large")->size == 8);
  CHECK(program.scope.find_enum("enum tiny")->size == 1);
  CHECK(program.scope.find_enum_constant("S2")->value == 0);
  CHECK(program.scope.find_enum_constant("S2")->enum_name == "enum small");
  CHECK(program.scope.find_enum_constant("L1")->value == 0x100000000);
  CHECK(program.scope.find_enum_constant("A")->value == 10);
  CHECK(program.scope.find_enum_constant("C")->value == 32);
  CHECK_FALSE(program.scope.find_enum_constant("NOT_THERE"));
  Program anonymous("enum { ONLY = 3 };");
  CHECK(anonymous.scope.find_enum_constant("ONLY")->enum_name.empty());
}

TEST_CASE("C's own types are found in any spelling") {
  Program program("#define X 1");
  CHECK(ast::type_name(*program.scope.find_type("unsigned long")) == "uint64");
  CHECK(ast::type_name(*program.scope.find_type("long unsigned int")) == "uint64");
  CHECK(ast::type_name(*program.scope.find_type("__u32")) == "uint32");
  CHECK(ast::type_name(*program.scope.find_type("size_t")) == "uint64");
  CHECK(program.kernel.questions == 0);
  CHECK_FALSE(program.scope.find_type("no_such_type"));
  CHECK(program.kernel.questions == 1);
}

TEST_CASE("a program without C text asks only the kernel") {
  Program program("");
  CHECK(program.kernel.questions == 0);
  CHECK_FALSE(program.scope.find_macro("X"));
  program.scope.check();
  CHECK(program.kernel.questions == 0);
  CHECK(program.scope.find_struct("struct file"));
  CHECK(program.kernel.questions == 1);
}

TEST_CASE("macros of the program") {
  Program program("#define SIZE (2 * 8)\n#define F(x) x\n");
  REQUIRE(program.scope.find_macro("SIZE"));
  CHECK(program.scope.find_macro("SIZE")->replacement == "(2*8)");
  CHECK(program.scope.find_macro("F")->function_like);
  CHECK_FALSE(program.scope.find_macro("PIDTYPE_SID"));
  CHECK(program.kernel.questions == 0);
}

TEST_CASE("names of structs for suggestions") {
  Program program("struct mine { struct { int a; }; };");
  const auto names = program.scope.struct_names();
  CHECK(names.front() == "struct mine");
  CHECK(std::find(names.begin(), names.end(), "struct task_struct") != names.end());
  CHECK(std::none_of(names.begin(), names.begin() + 2,
                     [](const auto& name) { return name.find('(') != name.npos; }));
}

TEST_CASE("mistakes in definitions") {
  CHECK(mistake_in("struct s { struct s x; };") == "'struct s' contains itself");
  CHECK(mistake_in("struct a { struct b x; };\nstruct b { struct a y[2]; };") ==
        "'struct a' contains itself");
  CHECK(mistake_in("struct s { struct nowhere x; };") == "the type 'struct nowhere' is not known");
  CHECK(mistake_in("struct s { nowhere_t x; };") == "unknown type name 'nowhere_t'");
  CHECK(mistake_in("struct s { nowhere_t *x; };") == "unknown type name 'nowhere_t'");
  CHECK(mistake_in("struct s { int a[-1]; };") == "an array cannot have the size -1");
  CHECK(mistake_in("struct s { int a[NOWHERE]; };") ==
        "'NOWHERE' is not a constant that is known here");
  CHECK(mistake_in("struct s { int a[1 / 0]; };") == "division by zero in a constant expression");
  CHECK(mistake_in("struct s { int a[0x7fffffff]; };") == "this array is too large");
  CHECK(mistake_in("struct s { char a[0x7fffffff], b; };") == "'struct s' is too large");
  CHECK(mistake_in("struct s { int a[]; int b; };") ==
        "only the last member can be an array without a size");
  CHECK(mistake_in("struct s { int a[2][]; };") ==
        "only the first size of an array can be left out");
  CHECK(mistake_in("struct s { void x; };") == "the member 'x' cannot be of type void");
  CHECK(mistake_in("struct s { int f(void); };") == "the member 'f' cannot be a function");
  CHECK(mistake_in("struct s { void a[2]; };") == "an array cannot hold this type");
  CHECK(mistake_in("struct s { unsigned a : 33; };") ==
        "a bitfield of this type has at most 32 bits");
  CHECK(mistake_in("struct s { unsigned a : -1; };") ==
        "a bitfield of this type has at most 32 bits");
  CHECK(mistake_in("struct s { unsigned a : 0; };") ==
        "a bitfield with a name has at least one bit");
  CHECK(mistake_in("struct s { float a : 3; };") == "only an integer can be a bitfield");
  CHECK(mistake_in("struct s { int a; } __attribute__((aligned(3)));") ==
        "an alignment has to be a power of two");
  CHECK(mistake_in("struct s { int a; long a; };") == "'struct s' has another member named 'a'");
  CHECK(mistake_in("struct s { int a; struct { int b, a; }; };") ==
        "'struct s' has another member named 'a'");
  CHECK(mistake_in("enum e { A = B, B };") == "'B' is not a constant that is known here");
  CHECK(mistake_in("struct a { int x; };\nstruct s { a x; };") == "unknown type name 'a'");
}

TEST_CASE("a mistake is reported once, and with a hint") {
  Program program("struct inner { int x; };\nstruct s { inner a; };\nstruct t { struct s b; };");
  program.scope.check();
  program.scope.check();
  CHECK_FALSE(program.scope.find_struct("struct t"));
  REQUIRE(program.text.diagnostics.all().size() == 1);
  CHECK(program.text.messages() == "test.bt:2:12-17: unknown type name 'inner'\n");
  CHECK(program.text.diagnostics.all()[0].hints ==
        std::vector<std::string>{"Did you mean 'struct inner'?"});
}

TEST_CASE("without BTF the hint says what to install") {
  CText text("struct s { struct file x; };");
  auto bare = kernel::frozen_kernel("/nonexistent");
  ast::sema::TypeScope scope(text.definitions, *bare, text.diagnostics);
  scope.check();
  REQUIRE(text.first_message() == "the type 'struct file' is not known");
  CHECK(text.diagnostics.all()[0].hints ==
        std::vector<std::string>{"Include headers with missing type definitions or install BTF "
                                 "information to your system."});
}

TEST_CASE("chains of definitions are followed without exhausting the stack") {
  std::string source = "struct s0 { int x; };\n";
  for (int i = 1; i < 20'000; ++i) {
    source += "struct s" + std::to_string(i) + " { struct s" + std::to_string(i - 1) + " x; };\n";
  }
  Program program(std::move(source));
  CHECK_FALSE(program.scope.find_struct("struct s19999"));
  CHECK(program.text.first_message() == "definitions are nested too deeply here");
  CHECK(program.scope.find_struct("struct s100")->size == 4);
}

TEST_CASE("headers are asked last, and not without an #include") {
  FakeHeaders headers;
  headers.structs["struct extra"] = layout_of("struct extra", 4, "from_header");
  headers.structs["struct file"] = layout_of("struct file", 4, "from_header");
  headers.macros["LIMIT"] = {"LIMIT", {}, "0x20UL", false};

  Program without("struct own { int x; };", &headers);
  CHECK_FALSE(without.scope.find_struct("struct extra"));
  CHECK_FALSE(without.scope.find_macro("LIMIT"));
  CHECK(headers.questions == 0);

  Program with("#include <linux/extra.h>\nstruct own { int x[LIMIT]; header_t y; };", &headers);
  CHECK(with.fields("struct file").find("f_pos") != std::string::npos);
  CHECK_FALSE(with.scope.find_macro("PIDTYPE_SID"));
  CHECK(headers.questions == 0);
  CHECK(with.fields("struct extra") == "from_header: int32 at 0; ");
  CHECK(with.scope.find_macro("LIMIT")->replacement == "0x20UL");
  CHECK(with.fields("struct own") == "x: int32[32] at 0; y: uint16 at 128; ");
  CHECK(with.scope.find_enum_constant("HEADER_CONSTANT")->value == 7);
  CHECK_FALSE(with.scope.find_struct("struct nowhere"));
  CHECK(with.text.messages().empty());
}

TEST_CASE("headers that are not the kernel's come before BTF") {
  FakeHeaders headers;
  headers.structs["struct file"] = layout_of("struct file", 4, "from_header");
  Program quoted("#include \"own.h\"\n", &headers);
  CHECK(quoted.fields("struct file") == "from_header: int32 at 0; ");
  Program library("#include <linux/fs.h>\n#include <openssl/ssl.h>\n", &headers);
  CHECK(library.fields("struct file") == "from_header: int32 at 0; ");
  CHECK(library.fields("struct inode").find("i_ino") != std::string::npos);
}

TEST_CASE("a structure that needs a header's macro is taken from the compiler") {
  FakeHeaders headers;
  headers.structs["struct own"] = layout_of("struct own", 96, "x");
  Program program(
      "#include <linux/extra.h>\nstruct own { int x[COMPLICATED * 2]; };\n"
      "struct outer { char c; struct own o; };",
      &headers);
  CHECK(program.fields("struct outer") == "c: int8 at 0; o: struct own at 4; ");
  CHECK(program.fields("struct own") == "x: int32 at 0; ");
  CHECK(program.scope.find_struct("struct outer")->size == 100);
  CHECK(program.text.messages().empty());
}

TEST_CASE("headers that cannot be read are one error at their #include") {
  FakeHeaders headers;
  headers.failure = base::Error{"clang is needed", "line one\n'linux/b.h' file not found", 0, 2};
  Program program("#include <linux/a.h>\n#include <linux/b.h>\n", &headers);
  CHECK_FALSE(program.scope.find_struct("struct extra"));
  CHECK_FALSE(program.scope.find_struct("struct other"));
  CHECK(headers.questions == 1);
  CHECK(program.text.messages() == "test.bt:2:1-21: clang is needed\n");
  CHECK(program.text.diagnostics.all()[0].hints.size() == 2);
  CHECK(program.scope.headers_failed());
}

TEST_CASE("a program with a header of its own, read by clang") {
  if (std::system("command -v clang >/dev/null 2>&1") != 0) SKIP("clang is not installed");
  const TemporaryFile header(
      "#define LIMIT (2 + 2)\n#define LIMIT_ALIAS LIMIT\n"
      "typedef struct { int low, high; } range_t;\nstruct file { long from_header; };\n"
      "enum { FIRST = 1, SECOND };\n");
  CText text("#include \"" + header.path() +
             "\"\n"
             "struct mine { range_t range; struct file *file; char names[SECOND][8];\n"
             "              int values[LIMIT_ALIAS * 2]; u8 end; };\n");
  auto headers = kernel::clang_header_types(kernel::header_unit(text.sources, text.pieces));
  auto frozen_kernel = frozen();
  ast::sema::TypeScope scope(text.definitions, *frozen_kernel, text.diagnostics, headers.get());
  scope.check();
  const ast::StructLayout* mine = scope.find_struct("struct mine");
  INFO(text.messages());
  REQUIRE(mine);
  CHECK(mine->size == 72);
  CHECK(ast::type_name(mine->find("values")->type) == "int32[8]");
  CHECK(ast::type_name(mine->find("names")->type) == "string[8][2]");
  CHECK(scope.find_struct("struct file")->find("from_header"));
  CHECK(scope.find_struct("struct task_struct")->find("pid"));
  const auto range = scope.find_type("range_t");
  REQUIRE(range);
  CHECK(scope.find_struct(range->name)->find("high")->offset == 4);
  CHECK(scope.find_macro("LIMIT_ALIAS")->replacement == "LIMIT");
  CHECK(scope.find_enum_constant("SECOND")->value == 2);
  CHECK_FALSE(text.diagnostics.has_errors());
}
