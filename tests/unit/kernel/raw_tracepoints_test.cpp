// Raw tracepoints from BTF.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "ast/type.h"
#include "kernel/btf.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;

TEST_CASE("parameters of a raw tracepoint have names and types") {
  auto found = frozen()->raw_tracepoint("sched_switch");
  REQUIRE(found);
  CHECK(found->module == "vmlinux");
  CHECK(found->event == "sched_switch");
  REQUIRE(found->parameters.size() == 4);
  CHECK(found->parameters[0].name == "preempt");
  CHECK(ast::type_name(found->parameters[0].type) == "bool");
  CHECK(found->parameters[1].name == "prev");
  CHECK(ast::type_name(found->parameters[1].type) == "struct task_struct *");
  CHECK(found->parameters[3].name == "prev_state");
  CHECK(ast::type_name(found->parameters[3].type) == "uint32");
}

TEST_CASE("the id of a raw tracepoint is that of its typedef") {
  auto found = frozen()->raw_tracepoint("sched_wakeup");
  REQUIRE(found);
  auto btf = kernel::Btf::open(frozen_folder() + "/vmlinux.btf");
  REQUIRE(btf.ok());
  const btf_type* type = (*btf)->type(found->btf_id);
  REQUIRE(type);
  CHECK(kernel::btf_kind(*type) == BTF_KIND_TYPEDEF);
  CHECK((*btf)->name(*type) == "btf_trace_sched_wakeup");
}

TEST_CASE("older kernels name the parameters in __traceiter_ functions") {
  auto found = frozen()->raw_tracepoint("sys_enter");
  REQUIRE(found);
  REQUIRE(found->parameters.size() == 2);
  CHECK(found->parameters[0].name == "regs");
  CHECK(found->parameters[1].name == "id");
}

TEST_CASE("the list of raw tracepoints") {
  auto kernel = frozen();
  CHECK(kernel->raw_tracepoints() ==
        std::vector<std::string>{"vmlinux:sched_process_exec", "vmlinux:sched_switch",
                                 "vmlinux:sched_wakeup", "vmlinux:sys_enter", "vmlinux:sys_exit"});
  CHECK_FALSE(kernel->raw_tracepoint("vfs_read"));
  CHECK_FALSE(kernel->raw_tracepoint(""));
}

TEST_CASE("raw tracepoints of the running kernel") {
  need_file("/sys/kernel/btf/vmlinux");
  auto kernel = kernel::host_kernel();
  const auto names = kernel->raw_tracepoints();
  CHECK(std::count(names.begin(), names.end(), "vmlinux:sched_switch") == 1);
  auto found = kernel->raw_tracepoint("sys_enter");
  REQUIRE(found);
  CHECK(found->btf_id != 0);
  REQUIRE(found->parameters.size() == 2);
  CHECK(found->parameters[0].name == "regs");
  CHECK(ast::type_name(found->parameters[0].type) == "struct pt_regs *");
  CHECK(ast::type_name(found->parameters[1].type) == "int64");
}
