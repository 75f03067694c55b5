// Types and definitions as C writes them.
#include "kernel/c_text.h"

#include <bpf/btf.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdarg>
#include <cstdio>

#include "kernel/btf.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;

namespace {

void append(void* text, const char* format, va_list arguments) {
  char piece[4096];
  vsnprintf(piece, sizeof piece, format, arguments);
  static_cast<std::string*>(text)->append(piece);
}

// What libbpf writes where ours may differ on purpose: numbers after names that occur twice, tags,
// and the insides of types without a name.
bool is_comparable(const std::string& text) {
  return text.find('{') == std::string::npos && text.find("___") == std::string::npos &&
         text.find("__attribute__") == std::string::npos;
}

// Compares the types of all parameters and results of all functions.
size_t compare(const std::string& path, size_t most) {
  auto ours = kernel::Btf::open(path);
  REQUIRE(ours.ok());
  struct btf* theirs = btf__parse_raw(path.c_str());
  REQUIRE(theirs);
  std::string text;
  btf_dump* dump = btf_dump__new(theirs, append, &text, nullptr);
  REQUIRE(dump);
  size_t compared = 0;
  auto same = [&](uint32_t id) {
    text.clear();
    LIBBPF_OPTS(btf_dump_emit_type_decl_opts, options, .field_name = "");
    if (btf_dump__emit_type_decl(dump, id, &options) != 0 || !is_comparable(text)) return;
    compared++;
    const std::string written = kernel::c_type_name(**ours, id);
    if (written != text) CHECK(written == text);
  };
  for (uint32_t id : (*ours)->function_ids()) {
    if (compared > most) break;
    const btf_type* prototype = (*ours)->type((*ours)->type(id)->type);
    same(prototype->type);
    for (const btf_param& parameter : kernel::btf_parameters(*prototype)) same(parameter.type);
  }
  btf_dump__free(dump);
  btf__free(theirs);
  return compared;
}

}  // namespace

TEST_CASE("types of the frozen system are written as libbpf writes them") {
  CHECK(compare(frozen_folder() + "/vmlinux.btf", SIZE_MAX) > 10);
}

TEST_CASE("types of the running kernel are written as libbpf writes them") {
  need_file("/sys/kernel/btf/vmlinux");
  CHECK(compare("/sys/kernel/btf/vmlinux", SIZE_MAX) > 1000);
}

TEST_CASE("names of types are found by pattern, with their tags") {
  auto kernel = frozen();
  CHECK(kernel->type_names("enum frozen_*") ==
        std::vector<std::string>{"enum frozen_sign", "enum frozen_wide"});
  CHECK(kernel->type_names("struct qstr") == std::vector<std::string>{"struct qstr"});
  CHECK(kernel->type_names("union qstr").empty());
  CHECK(kernel->type_names("struct no_such").empty());
}

TEST_CASE("definitions are those that were asked for, without what they are made of") {
  auto kernel = frozen();
  const auto found = kernel->type_definitions("struct qstr");
  REQUIRE(found.size() == 1);
  CHECK(found[0].module == "vmlinux");
  CHECK(found[0].text ==
        "struct qstr {\n"
        "\tunion {\n"
        "\t\tstruct {\n"
        "\t\t\tu32 hash;\n"
        "\t\t\tu32 len;\n"
        "\t\t};\n"
        "\t\tu64 hash_len;\n"
        "\t};\n"
        "\tconst unsigned char *name;\n"
        "};");
  const auto signs = kernel->type_definitions("enum frozen_sign");
  REQUIRE(signs.size() == 1);
  CHECK(signs[0].text ==
        "enum frozen_sign {\n"
        "\tFROZEN_NEGATIVE = -5,\n"
        "\tFROZEN_ZERO = 0,\n"
        "\tFROZEN_POSITIVE = 5,\n"
        "};");
}

TEST_CASE("every type that has a name has a definition") {
  for (const char* pattern : {"struct *", "union *", "enum *"}) {
    auto kernel = frozen();
    CHECK(kernel->type_definitions(pattern).size() == kernel->type_names(pattern).size());
  }
}
