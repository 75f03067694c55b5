// The typing of builtin values and of functions that read or convert.

#include "ast/sema/builtin_types.h"

#include <fmt/format.h>

#include <algorithm>

#include "ast/arch.h"
#include "ast/promote.h"

namespace gimlet::ast::sema {
namespace {

Type unsigned_integer(uint32_t bytes) { return integer_type(bytes, false); }

ExprInfo builtin_value(BuiltinId id, Type type) { return {std::move(type), {}, BuiltinUse{id}}; }

// The bare word of a keyword-like argument, for example `boot` of nsecs(boot).
const std::string* word(const Call* call, size_t argument) {
  if (!call || argument >= call->arguments.size()) return nullptr;
  auto* name = std::get_if<Identifier>(&call->arguments[argument]->node);
  return name ? &name->name : nullptr;
}

std::optional<StackMode> stack_mode(const std::string& name) {
  for (StackMode mode :
       {StackMode::Bpftrace, StackMode::Perf, StackMode::Raw, StackMode::BuildId}) {
    if (name == stack_mode_name(mode)) return mode;
  }
  return std::nullopt;
}

}  // namespace

ExprInfo type_pid(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  if (call && !call->arguments.empty()) {
    const std::string* mode = word(call, 0);
    if (!mode) {
      checker.error(expr.range,
                    fmt::format("{}() only supports curr_ns and init as the argument", row.name));
    } else if (*mode != "curr_ns" && *mode != "init") {
      checker.error(
          call->arguments[0]->range,
          fmt::format("Invalid PID namespace mode: {} (expects: curr_ns or init)", *mode));
    }
    // index 1: as seen from the initial namespace.
    return {unsigned_integer(4), {}, BuiltinUse{row.id, mode && *mode == "init" ? 1U : 0U}};
  }
  return builtin_value(row.id, unsigned_integer(4));
}

ExprInfo type_uint64(Checker&, const Expr&, const Builtin& row, const Call*) {
  return builtin_value(row.id, unsigned_integer(8));
}

// Where BTF tells the place of `comm` in the task, it is read from there: that costs half of what
// the helper costs that copies it, and a comparison needs only the bytes that it compares.
ExprInfo type_comm(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  if (call && !call->arguments.empty()) return type_comm_of(checker, expr, row, *call);
  constexpr uint32_t kCommSize = 16;  // TASK_COMM_LEN
  ExprInfo result = builtin_value(row.id, string_type(kCommSize));
  kernel::Kernel& kernel = checker.facts().kernel;
  if (!checker.last_round() || !checker.facts().types.has_btf()) return result;
  const StructLayout* task = kernel.find_struct("struct task_struct");
  const Field* comm = task ? task->find("comm") : nullptr;
  if (comm && comm->type.size == kCommSize) result.use = FieldUse{*comm, false};
  return result;
}

ExprInfo type_nsecs(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  Type type = unsigned_integer(8);
  if (call && !call->arguments.empty()) {
    const std::string* mode = word(call, 0);
    if (mode && *mode == "monotonic") {
      type.clock = Clock::Monotonic;
    } else if (mode && *mode == "tai") {
      type.clock = Clock::Tai;
    } else if (mode && *mode == "sw_tai") {
      type.clock = Clock::SoftwareTai;
    } else if (!mode || *mode != "boot") {
      checker
          .error(call->arguments[0]->range,
                 fmt::format("Invalid timestamp mode: {}", mode ? *mode : "(expression)"))
          .hint("the clocks are boot, monotonic, tai and sw_tai");
    }
  }
  return builtin_value(row.id, type);
}

ExprInfo type_curtask(Checker&, const Expr&, const Builtin& row, const Call*) {
  Type task = struct_type("struct task_struct", 0);
  return builtin_value(row.id, pointer_to(task, AddressSpace::Kernel));
}

// Parameters of functions are values that can be copied together; the record of a tracepoint is
// only there to take fields from.
ExprInfo type_args(Checker& checker, const Expr& expr, const Builtin& row, const Call*) {
  const auto& context = checker.probe().context;
  const bool nameless = checker.probe().provider == ProviderId::Uprobe && !context;
  if (nameless && checker.facts().error_count() == 0) {
    checker.error(expr.range, "Cannot read function parameters")
        .hint("only a probe at the start of one named function has them");
    return {};
  }
  // The registers of a user function make a structure of its own, which can be kept.
  if (context && checker.probe().provider == ProviderId::Uprobe) {
    return builtin_value(row.id, checker.arguments_structure(*context));
  }
  if (context && checker.probe().provider != ProviderId::Tracepoint) {
    std::vector<std::pair<std::string, Type>> fields;
    for (const Field& field : context->fields) {
      if (field.type.known()) fields.emplace_back(field.name, field.type);
    }
    return builtin_value(row.id, record_type(fields));
  }
  return builtin_value(row.id, struct_type(context ? context->name : "args", 0));
}

ExprInfo type_register_value(Checker& checker, const Expr&, const Builtin& row, const Call*) {
  Type type = unsigned_integer(8);
  type.space = checker.provider().space;
  return builtin_value(row.id, type);
}

ExprInfo type_probe_name(Checker& checker, const Expr&, const Builtin& row, const Call*) {
  const TypedProbe& probe = checker.probe();
  std::string text =
      row.id == BuiltinId::ProbeName ? probe.targets[0].name : checker.provider().probetype;
  Type type = string_type(static_cast<uint32_t>(text.size() + 1));
  return {type, Constant(text), BuiltinUse{row.id}};
}

ExprInfo type_retval(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  const TypedProbe& probe = checker.probe();
  if (!is_trampoline(probe.provider)) return type_register_value(checker, expr, row, call);
  if (!probe.result) {
    checker.error(expr.range, "Can't find a field $retval").hint("the function returns nothing");
    return {};
  }
  return {probe.result->type, {}, FieldUse{*probe.result, true}};
}

// The function of a probe lies where its pointers do.
ExprInfo type_function(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  if (checker.provider().space != AddressSpace::Kernel) {
    return type_user_symbol(checker, expr, row, call);
  }
  Type type = unsigned_integer(8);
  type.kind = TypeKind::KernelSymbol;
  return builtin_value(row.id, type);
}

ExprInfo type_user_symbol(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  if (call && !call->arguments.empty()) checker.want_address(*call, 0);
  Type type = unsigned_integer(8);
  type.kind = TypeKind::UserSymbol;
  type.size = 16;
  return builtin_value(row.id, type);
}

ExprInfo type_kernel_symbol(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  checker.want_address(*call, 0);
  Type type = unsigned_integer(8);
  type.kind = TypeKind::KernelSymbol;
  return builtin_value(row.id, type);
}

ExprInfo type_ctx(Checker& checker, const Expr&, const Builtin& row, const Call*) {
  const Target& target = checker.probe().targets[0];
  if (auto* iterator = std::get_if<IteratorTarget>(&target.place)) {
    Type objects = struct_type("struct bpf_iter__" + iterator->name, 0);
    return builtin_value(row.id, pointer_to(objects, AddressSpace::Kernel));
  }
  bool registers = checker.provider().space != AddressSpace::None;
  Type context = struct_type(registers ? "struct pt_regs" : "struct bpf_perf_event_data", 0);
  return builtin_value(row.id, pointer_to(context, AddressSpace::Kernel));
}

ExprInfo type_username(Checker&, const Expr&, const Builtin& row, const Call*) {
  Type type = unsigned_integer(8);
  type.kind = TypeKind::Username;
  return builtin_value(row.id, type);
}

namespace {

bool admit_dwarf_stack(Checker& checker, SourceRange use) {
  if (checker.facts().options.architecture != "x86_64") {
    checker.error(use, "dw_ustack is only supported on x86_64");
    return false;
  }
  if (!checker.facts().options.has_unwind_target) {
    checker.error(use,
                  "dw_ustack requires a target process. Use -p, -c, or --dwarf-pid to specify "
                  "one.");
    return false;
  }
  return checker.check_unstable(kUnstableDwUstack, use);
}

}  // namespace

ExprInfo type_stack(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  bool kernel = row.id == BuiltinId::KernelStack;
  if (row.id == BuiltinId::DwarfStack && !admit_dwarf_stack(checker, expr.range)) return {};
  StackMode mode = checker.facts().options.config.stack_mode;
  uint64_t limit = 127;
  size_t next = 0;
  size_t count = call ? call->arguments.size() : 0;
  if (const std::string* name = word(call, 0)) {
    auto found = stack_mode(*name);
    if (!found) {
      checker.error(call->arguments[0]->range,
                    fmt::format("Error parsing stack mode: {}: Invalid value for stack_mode: valid "
                                "values are bpftrace, raw, perf, and build_id.",
                                row.name));
      return {};
    }
    mode = *found;
    next = 1;
  } else if (count == 2) {
    checker.error(call->arguments[0]->range, "Expected stack mode as first argument");
    return {};
  }
  if (kernel && mode == StackMode::BuildId && next == 0) {
    checker.warning(
        call ? call->name_range : expr.range,
        "'build_id' stack mode can only be used for ustack. Falling back to 'raw' mode.");
    mode = StackMode::Raw;
  }
  if (kernel && mode == StackMode::BuildId) {
    checker.error(call ? call->name_range : SourceRange{},
                  "'build_id' stack mode can only be used for ustack");
    return {};
  }
  if (next < count) {
    const Constant* constant = checker.want_constant(*call->arguments[next]);
    auto* number = constant ? std::get_if<IntegerConstant>(constant) : nullptr;
    if (!number || number->negative) {
      checker.error(call->arguments[next]->range, fmt::format("{}: invalid limit value", row.name));
      return {};
    }
    limit = number->bits;
    if (limit > 1024) {
      checker.error(
          call->arguments[next]->range,
          fmt::format("{}([int limit]): limit shouldn't exceed 1024, {} given", row.name, limit));
      return {};
    }
  }
  TypeKind kind = kernel ? TypeKind::KernelStack : TypeKind::UserStack;
  return builtin_value(row.id, stack_type(kind, mode, static_cast<uint32_t>(limit)));
}

ExprInfo type_buf(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  const Expr& source = *call->arguments[0];
  Type type = checker.check_value(source);
  // The length takes four bytes of what a string may have.
  uint32_t capacity = std::max(checker.facts().options.config.max_strlen, 5U) - 4;
  bool array = type.is(TypeKind::Array);
  bool allowed = array || type.is(TypeKind::Integer) || type.is(TypeKind::Pointer) ||
                 type.is(TypeKind::String);
  if (type.known() && !allowed) {
    checker.error(source.range, fmt::format("buf() only supports integer, pointer, string or array "
                                            "arguments ({} provided)",
                                            type_name(type)));
    return {};
  }
  if (call->arguments.size() == 1) {
    if (type.known() && (!array || type.size == 0)) {
      checker.error(expr.range, fmt::format("buf() expects a length argument for non-array type {}",
                                            type_name(type)));
      return {};
    }
    return builtin_value(row.id, buffer_type(type.size));
  }
  checker.want_integer(*call, 1);
  const auto& constant = checker.info(*call->arguments[1]).constant;
  auto* number = constant ? std::get_if<IntegerConstant>(&*constant) : nullptr;
  if (number && number->negative) {
    checker.error(call->arguments[1]->range, "buf() expects a non-negative length");
    return {};
  }
  if (number && number->bits < capacity) capacity = static_cast<uint32_t>(number->bits);
  return builtin_value(row.id, buffer_type(capacity));
}

ExprInfo type_space(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  Type type = checker.want_address(*call, 0);
  type.space = row.id == BuiltinId::Uptr ? AddressSpace::User : AddressSpace::Kernel;
  type.flexible = false;
  return builtin_value(row.id, type);
}

ExprInfo type_reg(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  const std::string* name = checker.want_text(*call, 0);
  if (!name) return {};
  auto offset = register_offset(*name);
  if (!offset) {
    checker.error(call->arguments[0]->range,
                  fmt::format("'{}' is not a valid register on this architecture ({})", *name,
                              kArchitecture));
    return {};
  }
  Type type = unsigned_integer(8);
  type.space = checker.provider().space;
  return {type, {}, BuiltinUse{row.id, *offset}};
}

ExprInfo type_strftime(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  const std::string* format = checker.want_text(*call, 0);
  Type time = checker.want_integer(*call, 1);
  const auto& constant = checker.info(*call->arguments[1]).constant;
  auto* number = constant ? std::get_if<IntegerConstant>(&*constant) : nullptr;
  if (number && number->negative) {
    checker.error(call->arguments[1]->range, "strftime() does not accept negative timestamps");
  }
  if (time.clock == Clock::Monotonic) {
    checker.error(call->arguments[1]->range, "strftime() can not take a monotonic timestamp");
  }
  Type type = unsigned_integer(8);
  type.kind = TypeKind::Timestamp;
  type.size = 16;
  type.clock = time.clock;
  uint32_t event = checker.add_text_event(EventKind::Time, expr.range, format ? *format : "");
  return {type, {}, EventUse{row.id, event}};
}

}  // namespace gimlet::ast::sema
