// Imported C and objects: what they offer, and what is wrong with them.
#include "kernel/external_code.h"

#include <catch2/catch_test_macros.hpp>

#include "ast/type.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;
using ast::ExternalSource;

namespace {

constexpr const char* kSource = R"(
typedef unsigned long long u64;
typedef struct { int a; } nameless_t;
struct own { int first; };
enum colour { RED, GREEN };
char LICENSE[] __attribute__((section("license"))) = "GPL";
u64 add(u64 first, unsigned short second) { return first + second; }
void nothing(void) {}
_Bool is_green(enum colour c) { return c == GREEN; }
struct own *same(struct own *o) { return o; }
int of_nameless(const nameless_t *n) { return n->a; }
int calls(int (*f)(int)) { return f != 0; }
int reads(const double *d) { return d != 0; }
static __attribute__((noinline)) int hidden(int x) { return x * x; }
__attribute__((section("xdp"))) int entry(void *ctx) { return hidden((long)ctx); }
)";

void need_clang() {
  if (std::system("command -v clang >/dev/null 2>&1") != 0) SKIP("clang is not installed");
}

ast::ExternalCode read(const std::vector<ExternalSource>& sources, base::Diagnostics& diagnostics) {
  return kernel::read_external_code(sources, {}, diagnostics);
}

std::string type_of(const ast::ExternalCode& code, const char* function, size_t parameter) {
  const ast::ExternalFunction* found = code.find(function);
  REQUIRE(found);
  REQUIRE(found->parameters.size() > parameter);
  return ast::type_name(found->parameters[parameter].type);
}

}  // namespace

TEST_CASE("the functions of a C source and their types") {
  need_clang();
  const TemporaryFile file(kSource);
  base::Diagnostics diagnostics;
  const auto code = read({{ExternalSource::Kind::CSource, file.path(), {}}}, diagnostics);
  REQUIRE(diagnostics.all().empty());
  REQUIRE(code.objects.size() == 1);
  REQUIRE(code.objects[0].name == file.path());
  REQUIRE(code.has_license);

  const ast::ExternalFunction* add = code.find("add");
  REQUIRE(add);
  REQUIRE(add->parameters.size() == 2);
  REQUIRE(add->parameters[0].name == "first");
  REQUIRE(type_of(code, "add", 0) == "uint64");
  REQUIRE(type_of(code, "add", 1) == "uint16");
  REQUIRE(ast::type_name(add->result) == "uint64");
  REQUIRE(code.find("nothing")->parameters.empty());
  REQUIRE(code.find("nothing")->result.is(ast::TypeKind::Void));
  REQUIRE(code.find("is_green")->result.is(ast::TypeKind::Bool));
  REQUIRE(type_of(code, "is_green", 0) == "enum colour");
  REQUIRE(type_of(code, "same", 0) == "struct own *");
  REQUIRE(code.find("of_nameless")->parameters[0].type.is(ast::TypeKind::Pointer));

  // What a declaration could not repeat has no type; what cannot be called is left out.
  REQUIRE_FALSE(code.find("calls")->parameters[0].type.known());
  REQUIRE_FALSE(code.find("reads")->parameters[0].type.known());
  REQUIRE_FALSE(code.find("hidden"));
  REQUIRE_FALSE(code.find("entry"));
}

TEST_CASE("an object gives what its source gives") {
  need_clang();
  const TemporaryFile source(kSource);
  base::Diagnostics diagnostics;
  const auto compiled = read({{ExternalSource::Kind::CSource, source.path(), {}}}, diagnostics);
  const auto& bytes = compiled.objects.at(0).bytes;
  const TemporaryFile object(std::string(bytes.begin(), bytes.end()));
  const auto code = read({{ExternalSource::Kind::Object, object.path(), {}}}, diagnostics);
  REQUIRE(diagnostics.all().empty());
  REQUIRE(code.functions.size() == compiled.functions.size());
  REQUIRE(code.objects.at(0).bytes == bytes);
}

TEST_CASE("imported headers' folders are searched") {
  need_clang();
  const TemporaryFile header("#define ANSWER 42\n");
  const std::string name = header.path().substr(header.path().rfind('/') + 1);
  const TemporaryFile source("#include <" + name + ">\nint answer(void) { return ANSWER; }\n");
  base::Diagnostics diagnostics;
  const auto code = read({{ExternalSource::Kind::CSource, source.path(), {}},
                          {ExternalSource::Kind::Header, header.path(), {}}},
                         diagnostics);
  REQUIRE(diagnostics.all().empty());
  REQUIRE(code.find("answer"));
}

TEST_CASE("what the compiler says is passed on") {
  need_clang();
  base::Diagnostics diagnostics;
  const TemporaryFile careful("#warning \"careful\"\nint fine(void) { return 1; }\n");
  REQUIRE(read({{ExternalSource::Kind::CSource, careful.path(), {}}}, diagnostics).find("fine"));
  REQUIRE_FALSE(diagnostics.has_errors());
  REQUIRE(diagnostics.all().at(0).message == "found external warnings");
  REQUIRE(diagnostics.all()[0].hints.at(0).find("careful") != std::string::npos);

  const TemporaryFile broken("int broken(void) { return missing; }\n");
  REQUIRE(read({{ExternalSource::Kind::CSource, broken.path(), {}}}, diagnostics).objects.empty());
  REQUIRE(diagnostics.error_count() == 1);
  REQUIRE(diagnostics.all().at(1).message == "failed to build");
  REQUIRE(diagnostics.all()[1].hints.at(0).find("'missing'") != std::string::npos);
}

TEST_CASE("a function that two files define") {
  need_clang();
  const TemporaryFile one("int twice(void) { return 1; }\n");
  const TemporaryFile two("int twice(void) { return 2; }\n");
  base::Diagnostics diagnostics;
  (void)read({{ExternalSource::Kind::CSource, one.path(), {}},
              {ExternalSource::Kind::CSource, two.path(), {}}},
             diagnostics);
  REQUIRE(diagnostics.error_count() == 1);
  REQUIRE(diagnostics.all()[0].message ==
          two.path() + ": function `twice` is defined by " + one.path() + ", too");
}

TEST_CASE("files that are no objects with types") {
  base::Diagnostics diagnostics;
  const TemporaryFile text("no object");
  const TemporaryFile empty("");
  (void)read({{ExternalSource::Kind::Object, text.path(), {}},
              {ExternalSource::Kind::Object, empty.path(), {}},
              {ExternalSource::Kind::Object, "/proc/self/exe", {}},
              {ExternalSource::Kind::Object, "/nonexistent.bpf.o", {}}},
             diagnostics);
  REQUIRE(diagnostics.error_count() == 4);
  REQUIRE(diagnostics.all()[0].message == text.path() + " is not an object file with BPF code");
  REQUIRE(diagnostics.all()[1].message == empty.path() + " is not an object file with BPF code");
  REQUIRE(diagnostics.all()[2].message == "/proc/self/exe is not an object file with BPF code");
}

TEST_CASE("damaged objects are refused or read, but never crash") {
  need_clang();
  const TemporaryFile source(kSource);
  base::Diagnostics diagnostics;
  const auto code = read({{ExternalSource::Kind::CSource, source.path(), {}}}, diagnostics);
  const auto& bytes = code.objects.at(0).bytes;
  for (size_t i = 0; i < bytes.size(); i += 7) {
    std::string damaged(bytes.begin(), bytes.end());
    damaged[i] = static_cast<char>(~damaged[i]);
    const TemporaryFile object(i % 2 ? damaged : damaged.substr(0, i));
    const auto read_again = read({{ExternalSource::Kind::Object, object.path(), {}}}, diagnostics);
    REQUIRE(read_again.objects.size() <= 1);
  }
}
