// BTF of modules: ids and strings continue those of vmlinux.
#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <vector>

#include "ast/type.h"
#include "kernel/btf.h"
#include "kernel/btf_types.h"
#include "kernel/file_kernel.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;

namespace {

// A BTF file made by hand from the words of its type section and its strings.
std::string make_btf(const std::vector<uint32_t>& words, const std::string& strings) {
  btf_header header{};
  header.magic = BTF_MAGIC;
  header.version = BTF_VERSION;
  header.hdr_len = sizeof header;
  header.type_len = static_cast<uint32_t>(4 * words.size());
  header.str_off = header.type_len;
  header.str_len = static_cast<uint32_t>(strings.size());
  std::string file(sizeof header + header.type_len, '\0');
  std::memcpy(file.data(), &header, sizeof header);
  std::memcpy(file.data() + sizeof header, words.data(), header.type_len);
  return file + strings;
}

constexpr uint32_t info(uint32_t kind, uint32_t count) { return kind << 24 | count; }

struct Base {
  std::unique_ptr<kernel::Btf> btf;
  uint32_t types = 0;    // the first id of a module
  uint32_t strings = 0;  // the first string offset of a module
};

Base open_base() {
  const std::string path = frozen_folder() + "/vmlinux.btf";
  auto btf = kernel::Btf::open(path);
  REQUIRE(btf.ok());
  Base base;
  base.btf = std::move(*btf);
  base.types = 1;
  while (base.btf->type(base.types)) ++base.types;
  btf_header header;
  std::memcpy(&header, content_of(path).data(), sizeof header);
  base.strings = header.str_len;
  return base;
}

// struct module_state { struct task_struct task; struct { int inner; } *anonymous; } and a raw
// tracepoint module_event(struct task_struct by value, for brevity).
std::string module_file(const Base& base) {
  const std::string strings(
      "\0module_state\0task\0anonymous\0inner\0__data\0__probestub_module_event\0",
      1 + 13 + 5 + 10 + 6 + 7 + 25);
  auto text = [&](const char* name) {
    return base.strings + static_cast<uint32_t>(strings.find(name));
  };
  const uint32_t task = base.btf->find("task_struct", kernel::kind_bit(BTF_KIND_STRUCT));
  const uint32_t integer = base.btf->find("int", kernel::kind_bit(BTF_KIND_INT));
  const uint32_t size = base.btf->type(task)->size;
  const uint32_t first = base.types;
  return make_btf(
      {
          text("module_state"),
          info(BTF_KIND_STRUCT, 2),
          size + 8,  //
          text("task"),
          task,
          0,  //
          text("anonymous"),
          first + 1,
          size * 8,  //
          0,
          info(BTF_KIND_PTR, 0),
          first + 2,  // first + 1
          base.strings,
          info(BTF_KIND_STRUCT, 1),
          4,  // first + 2
          text("inner"),
          integer,
          0,  //
          0,
          info(BTF_KIND_FUNC_PROTO, 2),
          0,  // first + 3
          text("__data"),
          0,
          text("task"),
          task,  //
          text("__probestub_module_event"),
          info(BTF_KIND_FUNC, 0),
          first + 3,
      },
      strings);
}

}  // namespace

TEST_CASE("a module's types refer to those of vmlinux") {
  const Base base = open_base();
  TemporaryFile file(module_file(base));
  auto btf = kernel::Btf::open(file.path(), base.btf.get());
  REQUIRE(btf.ok());
  kernel::BtfTypes types(std::move(*btf), "mod");
  CHECK(types.struct_names() == std::vector<std::string>{"struct module_state"});
  const ast::StructLayout* state = types.find_struct("struct module_state");
  REQUIRE(state);
  REQUIRE(state->find("task"));
  CHECK(ast::type_name(state->find("task")->type) == "struct task_struct");
  CHECK(state->find("anonymous")->offset == state->find("task")->type.size);

  const ast::Type& anonymous = *state->find("anonymous")->type.element;
  CHECK(anonymous.name == "struct (anon mod:" + std::to_string(base.types + 2) + ")");
  const ast::StructLayout* inner = types.find_struct(anonymous.name);
  REQUIRE(inner);
  CHECK(ast::type_name(inner->find("inner")->type) == "int32");
}

TEST_CASE("a kernel asks its modules for what vmlinux does not know") {
  const Base base = open_base();
  char folder[] = "/tmp/gimlet-test-XXXXXX";
  REQUIRE(::mkdtemp(folder));
  const std::string path = std::string(folder) + "/mod";
  std::ofstream(path, std::ios::binary) << module_file(base);

  // FileKernel leaves user binaries to its heirs; none are asked for here.
  struct Asked final : kernel::FileKernel {
    using FileKernel::FileKernel;
    base::Result<std::vector<std::string>> resolve_binary(const std::string&, uint64_t) override {
      return base::Error{"none", {}};
    }
    base::Result<std::vector<kernel::FunctionSymbol>> functions(const std::string&) override {
      return base::Error{"none", {}};
    }
    base::Result<kernel::FunctionSymbol> function(const std::string&, const std::string&) override {
      return base::Error{"none", {}};
    }
    base::Result<std::vector<ast::UsdtMarker>> usdt_markers(const std::string&) override {
      return base::Error{"none", {}};
    }
    base::Result<uint64_t> file_offset(const std::string&, uint64_t) override {
      return base::Error{"none", {}};
    }
  };
  Asked kernel({frozen_folder() + "/vmlinux.btf", folder, {frozen_folder()}, ""});
  CHECK(kernel.find_struct("struct task_struct"));
  CHECK(kernel.find_struct("struct module_state"));
  CHECK(kernel.find_struct("struct nowhere") == nullptr);
  auto event = kernel.raw_tracepoint("module_event");
  REQUIRE(event);
  CHECK(event->module == "mod");
  CHECK(event->btf_id == 0);
  REQUIRE(event->parameters.size() == 1);
  CHECK(event->parameters[0].name == "task");
  ::unlink(path.c_str());
  ::rmdir(folder);
}
