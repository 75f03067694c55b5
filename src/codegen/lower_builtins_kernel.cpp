// Builtins that use what the kernel knows (cgroups, other tasks, its variables, paths, sockets), or
// that act on the traced process (probes-and-stdlib B5.3, B5.6).
#include <algorithm>

#include "ast/format.h"
#include "ast/signal_names.h"
#include "codegen/lower_builtins.h"

namespace gimlet::codegen {
namespace {

const ast::BuiltinUse& use_of(Lowering& l, const ast::Expr& expr) {
  return std::get<ast::BuiltinUse>(l.info(expr).use);
}

const ast::Constant* constant_of(Lowering& l, const ast::Expr& expr) {
  const auto& known = l.info(expr).constant;
  return known ? &*known : nullptr;
}

// A pointer that the verifier knows as one of the kernel's types, as a plain number.
llvm::Value* plain_number(Lowering& l, llvm::Value* typed) {
  Value value = l.register_value(l.builder().CreatePtrToInt(typed, l.builder().getInt64Ty()),
                                 ast::integer_type(8, false));
  value.trusted = true;
  return l.number(value);
}

}  // namespace

llvm::Value* lower_cgroup(Lowering& l, const ast::Expr&) { return l.call(Helper::GetCgroupId, {}); }

// comm(PID). The plan of the warning also keeps where a task has its name.
void lower_comm_of(Lowering& l, const ast::Expr& expr, const Address& to) {
  constexpr uint32_t kCommSize = 16;
  llvm::IRBuilder<>& b = l.builder();
  uint32_t warning = use_of(l, expr).index;
  const uint32_t size = l.type(expr).size;
  const auto& functions = l.module().program().kernel_functions;
  const uint64_t offset = l.module().event(warning).top;
  llvm::Value* id = l.lower_number(*argument(expr, 0));
  l.zero(to, size);
  llvm::Value* task = l.call_kernel(functions.at("bpf_task_from_pid"), id);
  l.choose(
      b.CreateICmpNE(task, l.constant(0)),
      [&]() -> llvm::Value* {
        l.call(Helper::ProbeReadKernel,
               {l.pointer(to), l.constant(kCommSize), b.CreateAdd(task, l.constant(offset))});
        l.call_kernel(functions.at("bpf_task_release"), task);
        return l.constant(0);
      },
      [&]() -> llvm::Value* {
        l.write_text("N/A", 4, to);
        l.send_number(warning, id);
        return l.constant(0);
      });
}

llvm::Value* lower_percpu_kaddr(Lowering& l, const ast::Expr& expr) {
  llvm::IRBuilder<>& b = l.builder();
  uint32_t variable = use_of(l, expr).index;
  const ast::Expr* cpu = argument(expr, 1);
  if (!cpu) return plain_number(l, l.call(Helper::ThisCpuPtr, {l.percpu_variable(variable)}));
  llvm::Value* number = b.CreateAnd(l.lower_number(*cpu), l.constant(0xffffffff));
  return plain_number(l, l.call(Helper::PerCpuPtr, {l.percpu_variable(variable), number}));
}

// The first planned event is for a number that is no signal, the second for a refusal.
void lower_signal(Lowering& l, const ast::Expr& expr) {
  llvm::IRBuilder<>& b = l.builder();
  const ast::BuiltinUse use = use_of(l, expr);
  const ast::Expr& which = *argument(expr, 0);
  Helper helper = use.id == ast::BuiltinId::Signal ? Helper::SendSignal : Helper::SendSignalThread;
  auto send = [&](llvm::Value* number) {
    llvm::Value* result = l.call(helper, {number});
    l.when(
        b.CreateICmpSLT(result, l.constant(0)), [&] { l.send_number(use.index + 1, result); },
        true);
  };
  const ast::Constant* constant = constant_of(l, which);
  if (auto* name = constant ? std::get_if<std::string>(constant) : nullptr) {
    return send(l.constant(ast::signal_number(*name).value_or(0)));
  }
  llvm::Value* number = l.lower_number(which);
  if (constant) return send(number);
  llvm::Value* first = b.CreateSub(number, l.constant(1));
  l.choose(
      b.CreateICmpULT(first, l.constant(ast::kLastSignal)),
      [&]() -> llvm::Value* {
        send(number);
        return l.constant(0);
      },
      [&]() -> llvm::Value* {
        l.send_number(use.index, number);
        return l.constant(0);
      });
}

llvm::Value* lower_write_user(Lowering& l, const ast::Expr& expr) {
  llvm::IRBuilder<>& b = l.builder();
  llvm::Value* to = l.lower_number(*argument(expr, 0));
  const ast::Expr& source = *argument(expr, 1);
  llvm::Value* from = nullptr;
  uint32_t size = l.type(source).size;
  if (auto* unary = std::get_if<ast::Unary>(&source.node);
      unary && unary->op == ast::UnaryOp::AddressOf) {
    size = l.type(*unary->operand).size;
    from = b.CreateIntToPtr(l.lower_bits(source), b.getPtrTy());
  } else {
    from = l.pointer(l.in_memory(l.lower(source)).address);
  }
  llvm::Value* wanted = l.lower_number(*argument(expr, 2));
  llvm::Value* last = l.clamp(b.CreateSub(wanted, l.constant(1)), size - 1);
  auto write = [&]() -> llvm::Value* {
    llvm::Value* count = b.CreateAdd(last, l.constant(1));
    llvm::Value* result = l.call(Helper::ProbeWriteUser, {to, from, count});
    return b.CreateZExt(b.CreateICmpEQ(result, l.constant(0)), b.getInt64Ty());
  };
  return l.choose(b.CreateICmpNE(wanted, l.constant(0)), write,
                  [&]() -> llvm::Value* { return l.constant(0); });
}

void lower_override(Lowering& l, const ast::Expr& expr) {
  l.call(Helper::OverrideReturn, {l.context(), l.lower_number(*argument(expr, 0))});
}

// The kernel writes a path from its end; one that is too long has lost its front when it gives up.
void lower_path(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  constexpr int64_t kTooLong = -36;  // ENAMETOOLONG
  llvm::IRBuilder<>& b = l.builder();
  uint32_t size = l.type(expr).size;
  const ast::Expr& source = *argument(expr, 0);
  llvm::Value* path = l.typed_pointer(source);
  l.zero(to, size);
  if (!path) {
    return l.fail(source.range,
                  "path() needs a struct path that is reached from the probe's own arguments");
  }
  Address text = l.allocate_scratch(size);
  l.zero(text, size);
  l.when(b.CreateIsNotNull(path), [&] {
    llvm::Value* result = l.call(Helper::DPath, {path, l.pointer(text), l.constant(size)});
    llvm::Value* failed =
        b.CreateAnd(b.CreateICmpSLT(result, l.constant(0)),
                    b.CreateICmpNE(result, l.constant(static_cast<uint64_t>(kTooLong))));
    l.when(
        failed, [&] { l.helper_error("d_path", result); }, true);
    Value written = l.reference(Place::Memory, nullptr, 0, ast::string_type(size));
    written.address = text;
    l.copy_string(to, size, written);
  });
}

llvm::Value* lower_socket_cookie(Lowering& l, const ast::Expr& expr) {
  const ast::Expr& source = *argument(expr, 0);
  llvm::Value* socket = l.typed_pointer(source);
  if (!socket) {
    l.fail(source.range,
           "socket_cookie() needs a socket that is reached from the probe's own arguments");
    return l.constant(0);
  }
  return l.choose(
      l.builder().CreateIsNotNull(socket),
      [&] { return l.call(Helper::GetSocketCookie, {socket}); },
      [&]() -> llvm::Value* { return l.constant(0); });
}

namespace {

// The format as the kernel reads it: a `%` that means nothing is doubled.
std::string kernel_format(const std::string& format) {
  std::string text;
  for (const ast::FormatPiece& piece : ast::parse_format(format)) {
    for (char c : piece.literal) text += c == '%' ? "%%" : std::string(1, c);
    if (piece.conversion.empty()) continue;
    text += piece.length == ast::FormatLength::Long && piece.conversion != "p" ? "%l" : "%";
    text += piece.conversion;
  }
  return text;
}

}  // namespace

void lower_debugf(Lowering& l, const ast::Expr& expr) {
  llvm::IRBuilder<>& b = l.builder();
  const auto& use = std::get<ast::EventUse>(l.info(expr).use);
  std::string format = kernel_format(l.module().event(use.event).format);
  auto size = static_cast<uint32_t>(format.size() + 1);
  Address text = l.allocate(size);
  l.write_text(format, size, text);
  llvm::Value* values[3] = {l.constant(0), l.constant(0), l.constant(0)};
  for (size_t i = 0; i < std::size(values); i++) {
    const ast::Expr* value = argument(expr, i + 1);
    if (!value) break;
    if (l.type(*value).is(ast::TypeKind::String)) {
      values[i] = l.address_of(l.in_memory(l.lower(*value)));
    } else {
      values[i] = l.lower_number(*value);
    }
  }
  llvm::Value* result = l.call(
      Helper::TracePrintk, {l.pointer(text), l.constant(size), values[0], values[1], values[2]});
  l.when(
      b.CreateICmpSLT(result, l.constant(0)), [&] { l.helper_error("trace_printk", result); },
      true);
}

}  // namespace gimlet::codegen
