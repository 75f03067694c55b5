// Kernel functions from BTF: which there are, and how they are called.
#include "kernel/kernel_functions.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "ast/type.h"
#include "kernel/btf.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;

namespace {

kernel::KernelPrototype prototype(const std::string& name) {
  auto kernel = frozen();
  auto found = kernel->kernel_functions("", name);
  REQUIRE(found.size() == 1);
  return kernel->kernel_prototype(found[0]);
}

std::vector<std::string> names(const std::vector<kernel::KernelFunction>& functions) {
  std::vector<std::string> out;
  for (const auto& function : functions) out.push_back(function.module + ":" + function.name);
  return out;
}

}  // namespace

TEST_CASE("a kernel function is found by its name and module") {
  auto kernel = frozen();
  auto found = kernel->kernel_functions("", "vfs_read");
  REQUIRE(found.size() == 1);
  CHECK(found[0].module == "vmlinux");
  auto btf = kernel::Btf::open(frozen_folder() + "/vmlinux.btf");
  REQUIRE(btf.ok());
  const btf_type* type = (*btf)->type(found[0].btf_id);
  REQUIRE(type);
  CHECK(kernel::btf_kind(*type) == BTF_KIND_FUNC);
  CHECK((*btf)->name(*type) == "vfs_read");
  CHECK(kernel->kernel_functions("vmlinux", "vfs_read").size() == 1);
  CHECK(kernel->kernel_functions("other", "vfs_read").empty());
  CHECK(kernel->kernel_functions("", "struct file").empty());
  CHECK(kernel->kernel_functions("", "").empty());
}

TEST_CASE("parameters and result lie in words, one after the other") {
  const auto read = prototype("vfs_read");
  REQUIRE(read.parameters.size() == 4);
  CHECK(read.parameters[0].name == "file");
  CHECK(read.parameters[0].c_type == "struct file *");
  CHECK(read.parameters[1].c_type == "char *");
  CHECK(read.parameters[1].type.space == ast::AddressSpace::User);
  CHECK(read.parameters[2].c_type == "size_t");
  CHECK(read.parameters[2].offset == 16);
  REQUIRE(read.result);
  CHECK(read.result->offset == 32);
  CHECK(ast::type_name(read.result->type) == "int64");
  CHECK(prototype("vfs_write").parameters[1].c_type == "const char *");
  CHECK_FALSE(prototype("do_exit").result);
}

TEST_CASE("a structure that is passed by value takes several words and is no value") {
  const auto read = prototype("span_file");
  REQUIRE(read.parameters.size() == 3);
  CHECK_FALSE(read.parameters[0].type.known());
  CHECK(read.parameters[1].offset == 16);
  CHECK(ast::type_name(read.parameters[1].type) == "bool");
  CHECK(read.parameters[2].c_type == "char **");
  CHECK(read.parameters[2].offset == 24);
  CHECK(read.result->offset == 32);
  CHECK_FALSE(prototype("make_span").result->type.known());
}

TEST_CASE("the dots of a variadic function are no parameter") {
  const auto read = prototype("_printk");
  CHECK(read.is_variadic);
  CHECK(read.parameters.size() == 1);
}

TEST_CASE("patterns match what a trampoline can hold and the kernel lets be traced") {
  auto kernel = frozen();
  CHECK(names(kernel->match_kernel_functions("*")) ==
        std::vector<std::string>{"vmlinux:_raw_spin_lock", "vmlinux:do_exit", "vmlinux:span_file",
                                 "vmlinux:vfs_read", "vmlinux:vfs_write"});
  CHECK(names(kernel->match_kernel_functions("vmlinux:vfs_r*")) ==
        std::vector<std::string>{"vmlinux:vfs_read"});
  CHECK(kernel->match_kernel_functions("vfs_read").empty());
}

TEST_CASE("functions of the running kernel") {
  need_file("/sys/kernel/btf/vmlinux");
  auto kernel = kernel::host_kernel();
  const auto found = kernel->kernel_functions("vmlinux", "vfs_read");
  REQUIRE(found.size() == 1);
  const auto read = kernel->kernel_prototype(found[0]);
  REQUIRE(read.parameters.size() == 4);
  CHECK(ast::type_name(read.parameters[0].type) == "struct file *");
  CHECK(kernel->match_kernel_functions("vmlinux:vfs_read").size() <= 1);
}
