// Builtins read from the program's context: registers of user probes and samples, arguments of raw
// tracepoints (probes-and-stdlib B12). ast/arch.h knows where the kernel keeps each register.
#include "ast/arch.h"
#include "codegen/lower_builtins.h"

namespace gimlet::codegen {
namespace {

#if defined(__x86_64__)
constexpr const char* kArguments[] = {"di", "si", "dx", "cx", "r8", "r9"};
constexpr const char* kReturnValue = "ax";
#elif defined(__aarch64__)
constexpr const char* kArguments[] = {"r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7"};
constexpr const char* kReturnValue = "r0";
#endif
static_assert(std::size(kArguments) == ast::kArgumentRegisters);

llvm::Value* context_word(Lowering& l, uint32_t offset) {
  return l.load({l.context(), offset, true}, 8, true);
}

llvm::Value* register_word(Lowering& l, const char* name) {
  return context_word(l, ast::register_offset(name).value());
}

}  // namespace

llvm::Value* lower_ctx(Lowering& l, const ast::Expr&) {
  return l.builder().CreatePtrToInt(l.context(), l.builder().getInt64Ty());
}

llvm::Value* lower_argn(Lowering& l, const ast::Expr& expr) {
  uint32_t index = std::get<ast::BuiltinUse>(l.info(expr).use).index;
  if (l.probe().provider == ast::ProviderId::RawTracepoint) return context_word(l, 8 * index);
  if (l.probe().provider == ast::ProviderId::Usdt) return l.marker_argument(index);
  if (index >= ast::kArgumentRegisters) {
    l.fail(expr.range, "internal error: no such argument register");
    return l.constant(0);
  }
  return register_word(l, kArguments[index]);
}

llvm::Value* lower_retval(Lowering& l, const ast::Expr&) { return register_word(l, kReturnValue); }

// A sample's context begins with the registers, too.
llvm::Value* lower_reg(Lowering& l, const ast::Expr& expr) {
  return context_word(l, std::get<ast::BuiltinUse>(l.info(expr).use).index);
}

// A kprobe may lie anywhere in its function; at the return, and for trampolines, only the kernel
// knows which function it was.
llvm::Value* lower_kernel_func(Lowering& l, const ast::Expr&) {
  if (l.probe().provider == ast::ProviderId::Kprobe) return register_word(l, "pc");
  return l.call(Helper::GetFuncIp, {l.context()});
}

void lower_whole_arguments(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  const ast::StructLayout& layout = l.module().program().structs.at(l.type(expr).name);
  l.zero(to, layout.size);
  for (const ast::Field& field : layout.fields) {
    const ast::Field* place = l.probe().context->find(field.name);
    l.write(l.context_field(*place, field.type), field.type, to.at(field.offset), true);
  }
}

void lower_func(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  // At the return the registers say where the function returns to, not where it began.
  bool at_return = l.probe().provider == ast::ProviderId::Uretprobe;
  llvm::Value* address =
      at_return ? l.call(Helper::GetFuncIp, {l.context()}) : register_word(l, "pc");
  l.store(address, to, 8);
  l.store(lower_pid(l, expr), to.at(8), 8);
}

}  // namespace gimlet::codegen
