// Tracepoints: format files and the types of their fields.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "ast/type.h"
#include "kernel/tracepoint_format.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;

namespace {

const ast::Field& field_of(const ast::StructLayout& layout, const char* name) {
  const ast::Field* field = layout.find(name);
  INFO(name);
  REQUIRE(field);
  return *field;
}

std::string type_of(const ast::StructLayout& layout, const char* name) {
  return ast::type_name(field_of(layout, name).type);
}

ast::StructLayout layout_of(kernel::Kernel& kernel, const char* category, const char* event) {
  auto layout = kernel.tracepoint_format(category, event);
  REQUIRE(layout.ok());
  return *layout;
}

// A declaration without any type information to look names up in.
ast::Field typed(const char* declaration, uint32_t size, bool is_signed) {
  kernel::FormatField field{declaration, 16, size, is_signed};
  return kernel::typed_field(field, ast::AddressSpace::Kernel,
                             [](std::string_view) { return std::nullopt; });
}

}  // namespace

TEST_CASE("sched_switch") {
  auto kernel = frozen();
  const auto layout = layout_of(*kernel, "sched", "sched_switch");
  CHECK(layout.size == 64);
  CHECK(layout.fields.size() == 11);
  CHECK(type_of(layout, "prev_comm") == "string[16]");
  CHECK(type_of(layout, "prev_pid") == "int32");
  CHECK(type_of(layout, "prev_state") == "int64");
  CHECK(field_of(layout, "next_comm").offset == 40);
  CHECK(field_of(layout, "common_pid").offset == 4);
}

TEST_CASE("system call arguments have the size of the file and point to user memory") {
  auto kernel = frozen();
  const auto openat = layout_of(*kernel, "syscalls", "sys_enter_openat");
  CHECK(type_of(openat, "dfd") == "uint64");
  CHECK(type_of(openat, "mode") == "uint64");
  CHECK(type_of(openat, "__syscall_nr") == "int32");
  CHECK(type_of(openat, "filename") == "int8 *");
  CHECK(field_of(openat, "filename").type.space == ast::AddressSpace::User);

  const auto execve = layout_of(*kernel, "syscalls", "sys_enter_execve");
  CHECK(type_of(execve, "argv") == "int8 * *");
  CHECK(field_of(execve, "argv").type.element->space == ast::AddressSpace::User);

  const auto connect = layout_of(*kernel, "syscalls", "sys_enter_connect");
  CHECK(type_of(connect, "uservaddr") == "struct sockaddr *");
  CHECK(field_of(connect, "uservaddr").type.element->size == 16);

  CHECK(type_of(layout_of(*kernel, "syscalls", "sys_exit_openat"), "ret") == "int64");
}

TEST_CASE("arrays, dynamic data, enums and booleans of tracepoints") {
  auto kernel = frozen();
  const auto enter = layout_of(*kernel, "raw_syscalls", "sys_enter");
  CHECK(type_of(enter, "args") == "uint64[6]");

  const auto exec = layout_of(*kernel, "sched", "sched_process_exec");
  CHECK(type_of(exec, "filename") == "int64");
  CHECK(field_of(exec, "filename").data_location);
  CHECK_FALSE(field_of(exec, "pid").data_location);

  const auto free = layout_of(*kernel, "skb", "kfree_skb");
  CHECK(type_of(free, "reason") == "enum skb_drop_reason");
  CHECK(type_of(free, "skbaddr") == "void *");
  CHECK(field_of(free, "skbaddr").type.space == ast::AddressSpace::Kernel);

  CHECK(type_of(layout_of(*kernel, "sched", "sched_process_exit"), "group_dead") == "bool");
}

TEST_CASE("declarations without BTF") {
  CHECK(ast::type_name(typed("u32 x", 4, false).type) == "uint32");
  CHECK(ast::type_name(typed("some_unknown_t x", 8, true).type) == "int64");
  CHECK(ast::type_name(typed("enum zone_type x", 4, false).type) == "uint32");
  CHECK(ast::type_name(typed("struct file * f", 8, false).type) == "void *");
  CHECK(ast::type_name(typed("const unsigned char *name", 8, false).type) == "uint8 *");
  CHECK(ast::type_name(typed("void __seg_gs * ptr", 8, false).type) == "void *");
  CHECK(ast::type_name(typed("u8 addr[sizeof(struct x)]", 28, false).type) == "uint8[28]");
  CHECK(ast::type_name(typed("char comm[TASK_COMM_LEN]", 16, false).type) == "string[16]");
  CHECK(ast::type_name(typed("unsigned long calls[]", 0, false).type) == "uint64[0]");
  CHECK(ast::type_name(typed("void (*fn)(int)", 8, false).type) == "void *");
  CHECK(typed("void (*fn)(int)", 8, false).name == "fn");
  CHECK(typed("u8 addr[16]", 16, false).name == "addr");
  CHECK_FALSE(typed("struct thing x", 24, false).type.known());
  CHECK_FALSE(typed("__rel_loc char[] x", 4, false).type.known());
  CHECK(typed("__rel_loc char[] x", 4, false).name == "x");
}

TEST_CASE("any format text is read without harm") {
  const std::string good = content_of(frozen_folder() + "/events/block/block_rq_issue/format");
  REQUIRE(good.size() > 500);
  auto use = [](const std::string& text) {
    auto fields = kernel::parse_format(text, "format");
    if (!fields.ok()) return;
    for (const kernel::FormatField& field : *fields) {
      kernel::typed_field(field, ast::AddressSpace::User,
                          [](std::string_view) { return std::nullopt; });
    }
  };
  for (size_t size = 0; size < good.size(); ++size) use(good.substr(0, size));
  for (size_t at = 0; at < good.size(); ++at) {
    for (char c : {'[', '*', ';', '(', '\0', ' ', '9'}) {
      std::string bad = good;
      bad[at] = c;
      use(bad);
    }
  }
  auto broken = kernel::parse_format("format:\n\tfield:int x;\toffset:;\n", "F");
  REQUIRE_FALSE(broken.ok());
  CHECK(broken.error().message == "F:2: unknown form of field");
}

TEST_CASE("the list of tracepoints and their existence") {
  auto kernel = frozen();
  auto names = kernel->tracepoints();
  REQUIRE(names.ok());
  CHECK(std::is_sorted(names->begin(), names->end()));
  CHECK(std::count(names->begin(), names->end(), "sched:sched_switch") == 1);
  for (const std::string& name : *names) {
    const size_t colon = name.find(':');
    CHECK(kernel->tracepoint_exists(name.substr(0, colon), name.substr(colon + 1)));
  }
  CHECK_FALSE(kernel->tracepoint_exists("sched", "nope"));
  CHECK_FALSE(kernel->tracepoint_exists("..", "sched"));
  CHECK_FALSE(kernel->tracepoint_exists("sched/..", "sched_switch"));
  CHECK_FALSE(kernel->tracepoint_exists("", ""));
}

TEST_CASE("field lines leave the common fields out") {
  auto lines = frozen()->tracepoint_field_lines("sched", "sched_process_exec");
  REQUIRE(lines.ok());
  CHECK(*lines ==
        std::vector<std::string>{"__data_loc char[] filename", "pid_t pid", "pid_t old_pid"});
}

TEST_CASE("errors of tracefs name the file and what to do") {
  auto missing = frozen()->tracepoint_format("sched", "nope");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().errnum == ENOENT);
  CHECK(missing.error().message.find("/events/sched/nope/format") != std::string::npos);

  auto unmounted = kernel::frozen_kernel("/nonexistent")->tracepoints();
  REQUIRE_FALSE(unmounted.ok());
  CHECK(unmounted.error().message ==
        "Failed to open /nonexistent/available_events (No such file or directory)");
  CHECK(unmounted.error().hint ==
        "mount the tracing file system: mount -t tracefs tracefs /nonexistent");
}

TEST_CASE("every tracepoint of the running kernel can be described") {
  need_file("/sys/kernel/tracing/available_events");
  auto kernel = kernel::host_kernel();
  auto names = kernel->tracepoints();
  REQUIRE(names.ok());
  size_t described = 0, inside = 0, fields = 0;
  for (size_t i = 0; i < names->size(); i += 10) {
    const std::string& name = (*names)[i];
    const size_t colon = name.find(':');
    auto layout = kernel->tracepoint_format(name.substr(0, colon), name.substr(colon + 1));
    if (!layout.ok()) continue;
    ++described;
    for (const ast::Field& field : layout->fields) {
      ++fields;
      const uint32_t size = field.data_location ? 4 : field.type.size;
      inside += field.offset + size <= layout->size;
    }
  }
  CHECK(described > 0);
  CHECK(described >= names->size() / 10);
  CHECK(inside == fields);
}
