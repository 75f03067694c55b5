// The typing of builtins that ask the kernel while the program is compiled (addresses, kernel
// functions, cgroups), or that act on the traced process (signals, writes, overrides).

#include <fmt/format.h>

#include <algorithm>

#include "ast/arch.h"
#include "ast/sema/builtin_types.h"
#include "ast/signal_names.h"

namespace gimlet::ast::sema {
namespace {

constexpr uint32_t kTaskNameSize = 64;

// A number that is known, but that is no literal.
ExprInfo known_number(uint64_t value, AddressSpace space = AddressSpace::None) {
  Type type = integer_type(8, false);
  type.space = space;
  return {type, {}, ParameterUse{IntegerConstant{value, false}}};
}

Constant constant_of(const ConfigValue& value) {
  if (auto* number = std::get_if<uint64_t>(&value)) return IntegerConstant{*number, false};
  if (auto* flag = std::get_if<bool>(&value)) return *flag;
  return std::get<std::string>(value);
}

Type type_of(const Constant& constant) {
  if (auto* text = std::get_if<std::string>(&constant)) {
    return string_type(static_cast<uint32_t>(text->size() + 1));
  }
  if (std::holds_alternative<bool>(constant)) return bool_type();
  return literal_integer_type(std::get<IntegerConstant>(constant).bits);
}

// The text of a literal argument of a function that says so in words of its own.
const std::string* literal_text(Checker& checker, const Expr& expr, const std::string& message) {
  const Constant* constant = checker.want_constant(expr);
  auto* text = constant ? std::get_if<std::string>(constant) : nullptr;
  if (!text && checker.info(expr).type.known()) checker.error(expr.range, message);
  return text;
}

std::optional<uint32_t> kernel_function(Checker& checker, const std::string& name) {
  auto found = checker.facts().kernel.kernel_functions("vmlinux", name);
  if (found.empty()) return std::nullopt;
  if (checker.last_round()) checker.facts().result.kernel_functions[name] = found.front().btf_id;
  return found.front().btf_id;
}

}  // namespace

ExprInfo type_config(Checker& checker, const Expr&, const Builtin&, const Call*) {
  std::vector<std::pair<std::string, Type>> fields;
  TypeInfoUse use;
  for (const ConfigKey& key : config_keys()) {
    if (!key.in_record || key.status != ConfigStatus::Normal) continue;
    Constant value = constant_of(config_value(checker.facts().options.config, key));
    fields.emplace_back(key.name, type_of(value));
    use.values.push_back(std::move(value));
  }
  return {record_type(fields), {}, std::move(use)};
}

ExprInfo type_has_cpid(Checker& checker, const Expr&, const Builtin&, const Call*) {
  return {bool_type(), Constant(checker.facts().options.child_pid != 0), {}};
}

ExprInfo type_usermode(Checker& checker, const Expr& expr, const Builtin& row, const Call*) {
  if (checker.facts().options.architecture != "x86_64") {
    checker.error(expr.range, "'usermode' builtin is only supported on x86_64");
    return {};
  }
  return {integer_type(1, false), {}, BuiltinUse{row.id}};
}

// comm(PID): the task is looked up by a kernel function, which holds it, and given back by another.
ExprInfo type_comm_of(Checker& checker, const Expr& expr, const Builtin& row, const Call& call) {
  checker.want_integer(call, 0);
  ExprInfo result{string_type(kTaskNameSize), {}, BuiltinUse{row.id, 1}};
  if (!checker.check_offered(call.name_range, row, "comm", kOffersTaskName)) return result;
  kernel::Kernel& kernel = checker.facts().kernel;
  const StructLayout* task = kernel.find_struct("struct task_struct");
  const Field* name = task ? task->find("comm") : nullptr;
  if (!name || !kernel_function(checker, "bpf_task_from_pid") ||
      !kernel_function(checker, "bpf_task_release")) {
    checker.warning(expr.range,
                    "the kernel cannot look up tasks by their id; comm(PID) is "
                    "\"[unknown]\"");
    result.use = ParameterUse{std::string("[unknown]")};
    return result;
  }
  if (checker.last_round() && !kernel.may_call("bpf_task_from_pid", checker.provider().id)) {
    checker.error(call.name_range,
                  fmt::format("Syntax comm(PID) is not supported in this probe type yet. Type: {}",
                              checker.provider().name));
  }
  uint32_t event = checker.add_event(EventKind::WarningMessage, expr.range,
                                     "No such process (pid=%ld)", {integer_type(8, true)});
  // The event also tells codegen where a task has its name.
  if (checker.last_round()) checker.event(event).top = name->offset;
  result.use = BuiltinUse{row.id, event};
  return result;
}

ExprInfo type_kaddr(Checker& checker, const Expr&, const Builtin&, const Call* call) {
  const std::string* name = checker.want_text(*call, 0);
  if (!name) return known_number(0, AddressSpace::Kernel);
  uint64_t address = checker.facts().kernel.kernel_symbol(*name).value_or(0);
  if (address == 0) {
    checker.error(call->arguments[0]->range,
                  fmt::format("Failed to resolve kernel symbol: {}", *name));
  }
  return known_number(address, AddressSpace::Kernel);
}

ExprInfo type_percpu_kaddr(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  const std::string* name = checker.want_text(*call, 0);
  if (call->arguments.size() > 1) checker.want_integer(*call, 1);
  Type type = integer_type(8, false);
  type.space = AddressSpace::Kernel;
  if (!name) return {type, {}, {}};
  auto id = checker.facts().kernel.percpu_variable(*name);
  if (!id) {
    checker.error(call->arguments[0]->range,
                  fmt::format("Could not resolve variable \"{}\" from BTF", *name));
  } else if (!checker.facts().kernel.kernel_symbol(*name)) {
    // Loading would fail without saying where.
    checker
        .error(call->arguments[0]->range,
               fmt::format("Could not resolve variable \"{}\" from BTF", *name))
        .hint(
            "this kernel is built without CONFIG_KALLSYMS_ALL: it does not know where its "
            "variables are");
  }
  return {type, {}, BuiltinUse{row.id, id.value_or(0)}};
}

namespace {

void check_signal(Checker& checker, const Expr& expr, const std::string& name) {
  const Type& type = checker.info(expr).type;
  const auto& constant = checker.info(expr).constant;
  if (constant) {
    if (auto* text = std::get_if<std::string>(&*constant)) {
      if (signal_number(*text)) return;
      checker.error(expr.range, fmt::format("Invalid string for signal: {}", *text));
      return;
    }
    auto* number = std::get_if<IntegerConstant>(&*constant);
    if (number && !number->negative && number->bits >= 1 && number->bits <= kLastSignal) return;
  } else if (!type.known() || type.is(TypeKind::Integer) || type.is(TypeKind::Enum)) {
    return;
  }
  checker.error(expr.range, fmt::format("{}() accepts a string literal or an integer between 1 and "
                                        "{} (inclusive)",
                                        name, kLastSignal));
}

}  // namespace

// Plans two events: for a number out of range, and for the kernel's refusal.
ExprInfo type_signal(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  checker.check_value(*call->arguments[0]);
  check_signal(checker, *call->arguments[0], row.name);
  Type number = integer_type(8, true);
  uint32_t first =
      checker.add_event(EventKind::ErrorMessage, expr.range,
                        fmt::format("{}() expects an integer between 1 and {} (inclusive). Got %ld",
                                    row.name, kLastSignal),
                        {number});
  checker.add_event(EventKind::WarningMessage, expr.range,
                    fmt::format("{} call failed with error %ld", row.name), {number});
  return {void_type(), {}, BuiltinUse{row.id, first}};
}

ExprInfo type_write_user(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  checker.want_address(*call, 0);
  const Expr& source = *call->arguments[1];
  Type type = checker.check_value(source);
  auto* unary = std::get_if<Unary>(&source.node);
  bool address = unary && unary->op == UnaryOp::AddressOf &&
                 std::holds_alternative<Variable>(unary->operand->node);
  if (type.known() && !address && !type.is(TypeKind::String)) {
    checker.error(source.range,
                  fmt::format("write_user() expects a string or the address of a variable as "
                              "source ({} provided)",
                              type_name(type)));
  }
  checker.want_integer(*call, 2);
  const auto& count = checker.info(*call->arguments[2]).constant;
  auto* number = count ? std::get_if<IntegerConstant>(&*count) : nullptr;
  uint32_t size = address ? checker.info(*unary->operand).type.size : type.size;
  if (number && type.known() && (number->negative || number->bits > size)) {
    checker.error(call->arguments[2]->range,
                  fmt::format("write_user() cannot copy {} bytes of a source that has {}",
                              static_cast<int64_t>(number->bits), size));
  }
  return {bool_type(), {}, BuiltinUse{row.id}};
}

ExprInfo type_override(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  checker.want_integer(*call, 0);
  return {void_type(), {}, BuiltinUse{row.id}};
}

ExprInfo type_path(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  const Expr& source = *call->arguments[0];
  Type type = checker.check_value(source);
  const Type& structure = type.is(TypeKind::Pointer) ? *type.element : type;
  if (type.known() && (!structure.is(TypeKind::Struct) || structure.name != "struct path")) {
    checker.error(
        source.range,
        fmt::format("path() only supports 'struct path' arguments ({} provided)", type_name(type)));
  }
  uint64_t size = checker.facts().options.config.max_strlen;
  if (call->arguments.size() > 1) size = checker.want_number(*call, 1).value_or(size);
  constexpr uint64_t kLongest = 4096;  // PATH_MAX
  if (size == 0 || size > std::max<uint64_t>(kLongest, checker.facts().options.config.max_strlen)) {
    checker.error(call->arguments.back()->range,
                  fmt::format("path() expects a size from 1 to {}", kLongest));
    size = kLongest;
  }
  return {string_type(static_cast<uint32_t>(size)), {}, BuiltinUse{row.id}};
}

ExprInfo type_kfunc_exist(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  const Expr& argument = *call->arguments[0];
  const std::string* name =
      literal_text(checker, argument, fmt::format("{}() accepts a string literal only", row.name));
  bool found = name && !checker.facts().kernel.kernel_functions("", *name).empty();
  return {bool_type(), Constant(found), {}};
}

ExprInfo type_kfunc_allowed(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  const Expr& argument = *call->arguments[0];
  const std::string* name =
      literal_text(checker, argument, fmt::format("{}() accepts a string literal only", row.name));
  bool allowed = name && checker.facts().kernel.may_call(*name, checker.provider().id);
  return {bool_type(), Constant(allowed), {}};
}

ExprInfo type_cgroupid(Checker& checker, const Expr&, const Builtin&, const Call* call) {
  const std::string* path = checker.want_text(*call, 0);
  if (!path) return known_number(0);
  auto id = checker.facts().kernel.cgroup_id(*path);
  if (id.ok()) return known_number(*id);
  checker.error(
      call->arguments[0]->range,
      fmt::format("Failed to get `cgroupid` for path: \"{}\": {}", *path, id.error().message));
  return known_number(0);
}

ExprInfo type_socket_cookie(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  const Expr& socket = *call->arguments[0];
  Type type = checker.check_value(socket);
  bool fits = type.is(TypeKind::Pointer) && type.element->is(TypeKind::Struct) &&
              type.element->name == "struct sock";
  if (type.known() && !fits) {
    checker.error(socket.range,
                  fmt::format("socket_cookie() only supports 'struct sock *' as the argument ({} "
                              "provided)",
                              type_name(type)));
  }
  return {integer_type(8, false), {}, BuiltinUse{row.id}};
}

ExprInfo type_unwatch(Checker& checker, const Expr& expr, const Builtin&, const Call*) {
  checker.error(expr.range, "unwatch() is not supported")
      .hint("a watchpoint stays until the program ends");
  return {void_type(), {}, {}};
}

}  // namespace gimlet::ast::sema
