// Iterators from BTF.
#include <catch2/catch_test_macros.hpp>

#include "kernel/btf.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;

TEST_CASE("iterators are listed in order, without what only looks like one") {
  std::vector<std::string> names;
  for (const auto& iterator : frozen()->iterators()) names.push_back(iterator.name);
  CHECK(names == std::vector<std::string>{"task", "task_file"});
}

TEST_CASE("members of an iterator's context come out of their unions") {
  auto found = frozen()->iterator("task_file");
  REQUIRE(found);
  REQUIRE(found->members.size() == 4);
  CHECK(found->members[0].name == "meta");
  CHECK(found->members[1].name == "task");
  CHECK(found->members[1].c_type == "struct task_struct *");
  CHECK(found->members[2].name == "fd");
  CHECK(found->members[2].c_type == "u32");
  CHECK(found->members[3].c_type == "struct file *");
}

TEST_CASE("the id of an iterator is that of its function") {
  auto found = frozen()->iterator("task");
  REQUIRE(found);
  auto btf = kernel::Btf::open(frozen_folder() + "/vmlinux.btf");
  REQUIRE(btf.ok());
  const btf_type* type = (*btf)->type(found->btf_id);
  REQUIRE(type);
  CHECK(kernel::btf_kind(*type) == BTF_KIND_FUNC);
  CHECK((*btf)->name(*type) == "bpf_iter_task");
}

TEST_CASE("an iterator needs its function, and copies for the verifier are none") {
  CHECK_FALSE(frozen()->iterator("gone"));
  CHECK_FALSE(frozen()->iterator("task__safe_trusted"));
  CHECK_FALSE(frozen()->iterator(""));
}
