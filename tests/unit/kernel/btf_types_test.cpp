// Types from BTF: of the frozen system, of the running kernel, and of damaged files.
#include "kernel/btf_types.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "ast/type.h"
#include "kernel/btf.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;

namespace {

std::string type_of(const ast::StructLayout* layout, const char* name) {
  REQUIRE(layout);
  const ast::Field* field = layout->find(name);
  INFO(name);
  REQUIRE(field);
  return ast::type_name(field->type);
}

}  // namespace

TEST_CASE("fields of a kernel struct have the language's types") {
  auto kernel = frozen();
  REQUIRE(kernel->has_btf());
  const ast::StructLayout* task = kernel->find_struct("struct task_struct");
  REQUIRE(task);
  CHECK(task->name == "struct task_struct");
  CHECK_FALSE(task->is_union);
  CHECK(type_of(task, "pid") == "int32");
  CHECK(type_of(task, "flags") == "uint32");
  CHECK(type_of(task, "comm") == "string[16]");
  CHECK(type_of(task, "real_parent") == "struct task_struct *");
  CHECK(type_of(task, "cred") == "struct cred *");
  CHECK(type_of(task, "kind") == "enum pid_type");
  CHECK(type_of(task, "entry") == "void *");
  CHECK(type_of(task, "id") == "uint8[16]");
  CHECK(type_of(task, "counters") == "uint64[4]");
  CHECK(type_of(task, "matrix") == "int32[3][2]");
  CHECK(type_of(task, "children") == "struct task_struct *[2]");
  CHECK(type_of(task, "se") == "struct sched_entity");
  CHECK_FALSE(task->find("wide")->type.known());
  CHECK(task->find("nope") == nullptr);
}

TEST_CASE("struct types and pointees carry their size") {
  auto kernel = frozen();
  const ast::StructLayout* task = kernel->find_struct("struct task_struct");
  REQUIRE(task);
  CHECK(task->find("se")->type.size == 32);
  CHECK(task->find("se")->type.size == kernel->find_struct("struct sched_entity")->size);
  CHECK(task->find("real_parent")->type.element->size == task->size);
  CHECK(task->find("comm")->offset == 152);
  CHECK(type_of(kernel->find_struct("struct sched_entity"), "on_rq") == "bool");
}

TEST_CASE("the user tag puts a pointer into user memory") {
  auto kernel = frozen();
  const ast::StructLayout* task = kernel->find_struct("struct task_struct");
  REQUIRE(task);
  const ast::Type& robust = task->find("robust_list")->type;
  CHECK(ast::type_name(robust) == "struct robust_list_head *");
  CHECK(robust.space == ast::AddressSpace::User);
  CHECK(task->find("mm")->type.space == ast::AddressSpace::Kernel);
}

TEST_CASE("members of anonymous members are lifted") {
  auto kernel = frozen();
  const ast::StructLayout* task = kernel->find_struct("struct task_struct");
  REQUIRE(task);
  const uint32_t start = task->find("rcu_users")->offset;
  CHECK(start == 172);
  CHECK(task->find("stack_low")->offset == start);
  CHECK(task->find("stack_high")->offset == start + 2);
  const ast::StructLayout* name = kernel->find_struct("struct qstr");
  REQUIRE(name);
  CHECK(name->find("hash_len")->offset == 0);
  CHECK(name->find("len")->offset == 4);
  CHECK(name->find("name")->offset == 8);
}

TEST_CASE("an unnamed struct type can be looked up by its made-up name") {
  auto kernel = frozen();
  const ast::StructLayout* task = kernel->find_struct("struct task_struct");
  REQUIRE(task);
  const ast::Type audit = task->find("audit")->type;
  REQUIRE(audit.name.starts_with("struct (anon "));
  const ast::StructLayout* inner = kernel->find_struct(audit.name);
  REQUIRE(inner);
  CHECK(inner->size == audit.size);
  CHECK(type_of(inner, "label") == "string[8]");
  const auto atomic = kernel->find_type("atomic_t");
  REQUIRE(atomic);
  CHECK(type_of(kernel->find_struct(atomic->name), "counter") == "int32");
  CHECK(kernel->find_struct("struct (anon 0)") == nullptr);
  CHECK(kernel->find_struct("struct (anon 99999999999)") == nullptr);
  CHECK(kernel->find_struct("struct (anon x)") == nullptr);
  // Made-up names are for unnamed types only: id 1 is something else.
  CHECK(kernel->find_struct("union (anon 1)") == nullptr);
}

TEST_CASE("bitfields lie inside the unit of their declared type") {
  auto kernel = frozen();
  const ast::StructLayout* task = kernel->find_struct("struct task_struct");
  REQUIRE(task);
  const ast::Field* second = task->find("sched_contributes_to_load");
  CHECK(second->offset == 76);
  CHECK(second->bit_offset == 1);
  CHECK(second->bit_width == 1);
  const ast::Field* wide = task->find("in_iowait");
  CHECK(wide->offset == 80);
  CHECK(wide->bit_offset == 1);
  CHECK(wide->bit_width == 3);
  CHECK(task->find("pid")->bit_width == 0);

  const ast::Field* tail = kernel->find_struct("struct packet")->find("tail");
  CHECK(tail->offset == 0);
  CHECK(tail->bit_offset == 8);
  CHECK(tail->bit_width == 12);
}

TEST_CASE("bitfields of packed structs that cross a unit start at their first byte") {
  auto kernel = frozen();
  const ast::StructLayout* packed = kernel->find_struct("struct packed_bits");
  REQUIRE(packed);
  CHECK(packed->size == 6);
  CHECK(packed->find("odd")->offset == 1);
  CHECK(packed->find("odd")->bit_offset == 0);
  CHECK(packed->find("odd")->bit_width == 30);
  CHECK(packed->find("rest")->offset == 4);
  CHECK(packed->find("rest")->bit_offset == 6);
}

TEST_CASE("flexible arrays have no length, floating point has no type") {
  auto kernel = frozen();
  const ast::StructLayout* packet = kernel->find_struct("struct packet");
  CHECK(type_of(packet, "text") == "int8[0]");
  CHECK_FALSE(packet->find("ratio")->type.known());
}

TEST_CASE("enums and their constants") {
  auto kernel = frozen();
  const ast::EnumLayout* pid_type = kernel->find_enum("enum pid_type");
  REQUIRE(pid_type);
  CHECK(pid_type->size == 4);
  REQUIRE(pid_type->values.size() == 5);
  CHECK(pid_type->values[1] == std::pair<std::string, int64_t>("PIDTYPE_TGID", 1));
  CHECK(kernel->find_enum("enum frozen_sign")->is_signed);
  CHECK(kernel->find_enum("enum nope") == nullptr);
  CHECK(kernel->find_enum("struct task_struct") == nullptr);

  CHECK(kernel->find_enum_constant("PIDTYPE_SID")->enum_name == "enum pid_type");
  CHECK(kernel->find_enum_constant("PIDTYPE_SID")->value == 3);
  CHECK(kernel->find_enum_constant("FROZEN_NEGATIVE")->value == -5);
  CHECK(kernel->find_enum_constant("FROZEN_LARGE")->value == 0x1122334455667788);
  CHECK(kernel->find_enum_constant("TASK_COMM_LEN")->enum_name.empty());
  CHECK(kernel->find_enum_constant("TASK_COMM_LEN")->value == 16);
  CHECK_FALSE(kernel->find_enum_constant("PIDTYPE"));
}

TEST_CASE("types by bare name") {
  auto kernel = frozen();
  CHECK(ast::type_name(kernel->find_type("u32").value()) == "uint32");
  CHECK(ast::type_name(kernel->find_type("size_t").value()) == "uint64");
  CHECK(ast::type_name(kernel->find_type("fmode_t").value()) == "uint32");
  CHECK(ast::type_name(kernel->find_type("char").value()) == "int8");
  CHECK(ast::type_name(kernel->find_type("task_struct").value()) == "struct task_struct");
  CHECK(kernel->find_type("task_struct")->size == kernel->find_struct("struct task_struct")->size);
  CHECK_FALSE(kernel->find_type("no_such_type"));
}

TEST_CASE("struct names are tagged, sorted and without the unnamed ones") {
  const auto names = frozen()->struct_names();
  CHECK(std::find(names.begin(), names.end(), "struct qstr") != names.end());
  CHECK(std::is_sorted(names.begin(), names.end()));
  for (const std::string& name : names) CHECK(name.find("(anon") == std::string::npos);
}

TEST_CASE("layouts are made once") {
  auto kernel = frozen();
  const ast::StructLayout* first = kernel->find_struct("struct task_struct");
  for (const std::string& name : kernel->struct_names()) kernel->find_struct(name);
  CHECK(kernel->find_struct("struct task_struct") == first);
}

TEST_CASE("a kernel without BTF has no types but knows plain integers") {
  auto kernel = kernel::frozen_kernel("/nonexistent");
  CHECK_FALSE(kernel->has_btf());
  CHECK(kernel->find_struct("struct task_struct") == nullptr);
  CHECK_FALSE(kernel->find_enum_constant("PIDTYPE_SID"));
  CHECK(kernel->struct_names().empty());
  CHECK(kernel->raw_tracepoints().empty());
  CHECK_FALSE(kernel->raw_tracepoint("sched_switch"));
  CHECK(ast::type_name(kernel->find_type("long unsigned int").value()) == "uint64");
  CHECK_FALSE(kernel->find_type("long char"));
}

TEST_CASE("damaged BTF is refused or read without harm") {
  const std::string good = content_of(frozen_folder() + "/vmlinux.btf");
  REQUIRE(good.size() > 1000);
  auto use = [](const std::string& bytes) {
    TemporaryFile file(bytes);
    auto btf = kernel::Btf::open(file.path());
    if (!btf.ok()) return;
    kernel::BtfTypes types(std::move(*btf), "vmlinux");
    for (const std::string& name : types.struct_names()) types.find_struct(name);
    types.find_enum("enum pid_type");
    types.find_enum_constant("NO_SUCH_CONSTANT");
    for (uint32_t id = 0; id < 300; ++id) types.type(id);
  };
  SECTION("cut short") {
    for (size_t size = 0; size < good.size(); size += 37) use(good.substr(0, size));
  }
  SECTION("single bytes changed") {
    for (size_t at = 0; at < good.size(); at += 11) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 0x55);
      use(bad);
    }
  }
  SECTION("every word pointing at a low id") {
    for (size_t at = 24; at + 4 < good.size(); at += 4) {
      std::string bad = good;
      bad[at] = 5;
      bad[at + 1] = bad[at + 2] = bad[at + 3] = 0;
      use(bad);
    }
  }
  SECTION("not BTF at all") {
    TemporaryFile file(std::string(4096, 'x'));
    auto btf = kernel::Btf::open(file.path());
    REQUIRE_FALSE(btf.ok());
    CHECK(btf.error().message ==
          file.path() + " is not valid BTF: wrong magic number or byte order");
  }
}

TEST_CASE("the running kernel's task_struct") {
  need_file("/sys/kernel/btf/vmlinux");
  auto kernel = kernel::host_kernel();
  const ast::StructLayout* task = kernel->find_struct("struct task_struct");
  CHECK(type_of(task, "comm") == "string[16]");
  CHECK(type_of(task, "pid") == "int32");
  CHECK(type_of(task, "real_parent") == "struct task_struct *");
  CHECK(task->find("in_execve")->bit_width == 1);
  CHECK(task->find("real_parent")->type.element->size == task->size);
  CHECK(kernel->find_enum_constant("PIDTYPE_TGID")->value == 1);
}
