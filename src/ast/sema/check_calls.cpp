// Names and calls: which builtin they mean, whether the probe offers it, and its arguments.

#include <fmt/format.h>

#include "ast/arch.h"
#include "ast/library_macros.h"
#include "ast/promote.h"
#include "ast/sema/checker.h"
#include "ast/sema/fold.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

std::vector<std::string> builtin_names(bool functions) {
  std::vector<std::string> names;
  for (const Builtin& row : builtins()) {
    if (functions || row.form != BuiltinForm::Function) names.push_back(row.name);
  }
  if (functions) {
    for (const LibraryMacro& row : library_macros()) names.push_back(row.name);
  }
  return names;
}

// Why a probe does not offer a builtin, in the words of probes-and-stdlib B1.9 and A §20.2.
std::string refusal(const Builtin& row, const std::string& name, const Provider& provider) {
  switch (row.id) {
    case BuiltinId::Ctx:
      if (provider.id == ProviderId::Tracepoint) return "Use args instead of ctx in tracepoint";
      break;
    case BuiltinId::Args:
      return fmt::format(
          "The args builtin can only be used with tracepoint, rawtracepoint, "
          "fentry/fexit, and uprobe probes ({} used here)",
          provider.name);
    case BuiltinId::ArgN:
      return fmt::format(
          "The {} builtin can only be used with 'kprobes', 'uprobes' and 'usdt' "
          "probes",
          name);
    case BuiltinId::Retval:
      if (provider.id == ProviderId::Fentry) return "Can't find a field $retval";
      return std::string(
                 "The retval builtin can only be used with 'kretprobe' and 'uretprobe' and "
                 "'fentry' probes") +
             (provider.id == ProviderId::Tracepoint ? " (try to use args.ret instead)" : "");
    case BuiltinId::Reg:
      return fmt::format("reg can not be used with \"{}\" probes", provider.name);
    case BuiltinId::Comm:
      return fmt::format("Syntax comm(PID) is not supported in this probe type yet. Type: {}",
                         provider.name);
    case BuiltinId::Signal:
    case BuiltinId::SignalThread:
      return fmt::format("{}() can not be used for this probetype {}", name, provider.name);
    case BuiltinId::Override: return "override() can only be used inside kprobes";
    case BuiltinId::Path:
      return "The path function can only be used with 'fentry', 'fexit', 'iter' probes";
    case BuiltinId::SocketCookie:
    case BuiltinId::SkbOutput:
      return fmt::format("{} can not be used with \"{}\" probes", name, provider.name);
    default: break;
  }
  return fmt::format("The {} builtin can not be used with '{}' probes", name, provider.name);
}

std::string argument_count_message(const Builtin& row, size_t count) {
  if (row.max_arguments == 0) {
    return fmt::format("{}() requires no arguments ({} provided)", row.name, count);
  }
  if (row.min_arguments == row.max_arguments) {
    if (row.min_arguments == 1) {
      return fmt::format("{}() requires one argument ({} provided)", row.name, count);
    }
    return fmt::format("{}() requires {} arguments ({} provided)", row.name, row.min_arguments,
                       count);
  }
  if (count < row.min_arguments) {
    return row.min_arguments == 1
               ? fmt::format("{}() requires at least one argument ({} provided)", row.name, count)
               : fmt::format("{}() requires at least {} arguments ({} provided)", row.name,
                             row.min_arguments, count);
  }
  return fmt::format("{}() takes up to {} arguments ({} provided)", row.name, row.max_arguments,
                     count);
}

}  // namespace

bool Checker::check_offered(SourceRange range, const Builtin& row, const std::string& name) {
  return check_offered(range, row, name, row.needs);
}

bool Checker::check_offered(SourceRange range, const Builtin& row, const std::string& name,
                            uint32_t needs) {
  bool tells_of_probe = row.id == BuiltinId::ProbeName || row.id == BuiltinId::ProbeType;
  if (function_ && (needs != 0 || tells_of_probe)) {
    error(range, fmt::format("Builtin {} not supported outside probe", name));
    return false;
  }
  if (row.id == BuiltinId::Args && traces_bpf_function(probe_)) {
    error(range, "The args builtin cannot be used for 'fentry/fexit:bpf' probes");
    return false;
  }
  if ((needs & ~provider().offers) == 0) return true;
  error(range, refusal(row, name, provider()));
  return false;
}

bool Checker::check_argument_count(const Expr& expr, const Builtin& row, size_t count) {
  if (count >= row.min_arguments && count <= row.max_arguments) return true;
  error(expr.range, argument_count_message(row, count))
      .hint(fmt::format("usage: {}", row.signature));
  return false;
}

ExprInfo Checker::use_builtin(const Expr& expr, const Builtin& row, const std::string& name,
                              const Call* call) {
  SourceRange range = call ? call->name_range : expr.range;
  if (row.is_unsafe && !facts_.options.unsafe) {
    error(expr.range, row.id == BuiltinId::System
                          ? fmt::format("{}() is an unsafe function being used in safe mode", name)
                          : fmt::format("{}() is unsafe. To use you need the --unsafe flag", name))
        .hint("run gimlet with --unsafe to allow it");
    return {};
  }
  if (!check_offered(range, row, name)) return {};
  bool context = row.id == BuiltinId::Args || row.id == BuiltinId::ArgN ||
                 row.id == BuiltinId::Retval || row.id == BuiltinId::Ctx;
  if (context && !check_outside_loop(range, name)) return {};
  if (!check_argument_count(expr, row, call ? call->arguments.size() : 0)) return {};
  return builtin_typing(row.id)(*this, expr, row, call);
}

namespace {

bool is_stack_argument(std::string_view name) {
  return name.size() > 4 && name.starts_with("sarg") &&
         name.find_first_not_of("0123456789", 4) == std::string_view::npos;
}

}  // namespace

ExprInfo Checker::visit(const Expr& expr, const Identifier& name) {
  if (is_stack_argument(name.name)) {
    error(expr.range,
          "sarg* is deleted. This was deprecated in v0.21 and was last available in v0.24.")
        .hint("Use *(reg(\"sp\") + <stack_offset>) instead.");
    return {};
  }
  const Builtin* row = find_builtin(name.name);
  if (row && row->form != BuiltinForm::Function) {
    ExprInfo result = use_builtin(expr, *row, name.name, nullptr);
    if (row->id == BuiltinId::ArgN && result.type.known()) {
      auto index = static_cast<uint32_t>(std::stoul(name.name.substr(3)));
      bool registers =
          probe_.provider != ProviderId::RawTracepoint && probe_.provider != ProviderId::Usdt;
      if (registers && index >= kArgumentRegisters) {
        error(expr.range, fmt::format("{} doesn't support {}", kArchitecture, name.name));
      }
      if (probe_.provider == ProviderId::Usdt) {
        check_marker_argument(expr.range, index);
        result.type.is_signed = true;
      }
      result.use = BuiltinUse{BuiltinId::ArgN, index};
    }
    return result;
  }
  if (auto constant = facts_.types.find_enum_constant(name.name)) {
    ExprInfo result;
    bool negative = constant->value < 0;
    result.type = constant->enum_name.empty() ? integer_type(8, negative)
                                              : enum_type(constant->enum_name, 8, negative);
    result.constant = IntegerConstant{static_cast<uint64_t>(constant->value), negative};
    return result;
  }
  auto& report = error(expr.range, fmt::format("Unknown identifier: '{}'", name.name));
  if (row) {
    report.hint(fmt::format("{} is a function: {}", row->name, row->signature));
  } else if (auto near = base::nearest(name.name, builtin_names(false))) {
    report.hint(fmt::format("Did you mean '{}'?", *near));
  }
  return {};
}

ExprInfo Checker::visit(const Expr& expr, const Call& call) {
  const Builtin* row = find_builtin(call.name);
  if (!row) {
    const auto& functions = facts_.result.external.functions;
    if (const ExternalFunction* found = facts_.result.external.find(call.name)) {
      return call_external(expr, call, static_cast<uint32_t>(found - functions.data()));
    }
    for (const ExprPtr& argument : call.arguments) check(*argument);
    auto& report = error(call.name_range, fmt::format("Unknown function: '{}'", call.name));
    if (auto near = base::nearest(call.name, builtin_names(true))) {
      report.hint(fmt::format("Did you mean '{}'?", *near));
    }
    return {};
  }
  if (row->mode == BuiltinMode::Aggregation && &expr == aggregate_) {
    if (!check_argument_count(expr, *row, call.arguments.size())) return {};
    return builtin_typing(row->id)(*this, expr, *row, &call);
  }
  if (row->mode == BuiltinMode::Aggregation) {
    for (const ExprPtr& argument : call.arguments) check(*argument);
    error(expr.range, fmt::format("{}() must be assigned directly to a map", call.name));
    return {};
  }
  if (row->id == BuiltinId::ArgN) {
    Identifier name{call.name};
    return visit(expr, name);
  }
  return use_builtin(expr, *row, call.name, &call);
}

// --- arguments ---

const Constant* Checker::want_constant(const Expr& expr) {
  note_operand(expr, check(expr));
  const auto& constant = info(expr).constant;
  return constant ? &*constant : nullptr;
}

const std::string* Checker::want_text(const Call& call, size_t argument) {
  const Expr& expr = *call.arguments[argument];
  // Formats are literals of their own and may be longer than a string value can be.
  if (auto* literal = std::get_if<StringLiteral>(&expr.node)) return &literal->value;
  const Constant* constant = want_constant(expr);
  auto* text = constant ? std::get_if<std::string>(constant) : nullptr;
  if (!text && info(expr).type.known()) {
    auto& report = error(expr.range, fmt::format("{}() expects a string literal ({} provided)",
                                                 call.name, type_name(info(expr).type)));
    if (auto* parameter = std::get_if<PositionalParameter>(&expr.node)) {
      report.hint(fmt::format("Use str(${0}) to treat ${0} as a string", parameter->index));
    }
  }
  return text;
}

std::optional<uint64_t> Checker::want_number(const Call& call, size_t argument) {
  const Expr& expr = *call.arguments[argument];
  const Constant* constant = want_constant(expr);
  auto* number = constant ? std::get_if<IntegerConstant>(constant) : nullptr;
  if (number && !number->negative) return number->bits;
  if (info(expr).type.known()) {
    error(expr.range, fmt::format("{}() expects an integer literal ({} provided)", call.name,
                                  number ? "a negative number" : type_name(info(expr).type)));
  }
  return std::nullopt;
}

Type Checker::want_integer(const Call& call, size_t argument) {
  const Expr& expr = *call.arguments[argument];
  Type type = check_value(expr);
  bool number = type.is(TypeKind::Integer) || type.is(TypeKind::Enum) || type.is(TypeKind::Bool);
  if (type.known() && !number) {
    error(expr.range, fmt::format("{}() only supports integer arguments ({} provided)", call.name,
                                  type_name(type)));
    return {};
  }
  return type;
}

Type Checker::want_address(const Call& call, size_t argument) {
  const Expr& expr = *call.arguments[argument];
  Type type = check_value(expr);
  if (type.known() && !type.is(TypeKind::Integer) && !type.is(TypeKind::Pointer)) {
    error(expr.range, fmt::format("{}() only supports integer or pointer arguments ({} provided)",
                                  call.name, type_name(type)));
    return {};
  }
  return type;
}

}  // namespace gimlet::ast::sema
