// Builtins read from the program's context: registers of user probes and samples, arguments of raw
// tracepoints (probes-and-stdlib B12). ast/arch.h knows where the kernel keeps each register.
#include <algorithm>

#include "ast/arch.h"
#include "codegen/lower_builtins.h"

namespace gimlet::codegen {
namespace {

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
  if (l.probe().mechanism == ast::Mechanism::Trampoline) return l.function_word(index);
  if (index >= ast::kArgumentRegisters) {
    l.fail(expr.range, "internal error: no such argument register");
    return l.constant(0);
  }
  return register_word(l, ast::kArgumentNames[index]);
}

llvm::Value* lower_retval(Lowering& l, const ast::Expr&) {
  if (l.probe().mechanism == ast::Mechanism::Trampoline) return l.function_word(std::nullopt);
  return register_word(l, ast::kReturnName);
}

// A sample's context begins with the registers, too.
llvm::Value* lower_reg(Lowering& l, const ast::Expr& expr) {
  return context_word(l, std::get<ast::BuiltinUse>(l.info(expr).use).index);
}

// The lowest bits of the code segment are the privilege level. Where the context holds no registers
// the answer is of no use, and 0.
llvm::Value* lower_usermode(Lowering& l, const ast::Expr&) {
  auto offset = ast::register_offset("cs");
  const uint32_t offers = ast::provider(l.probe().provider).offers;
  if (!offset || (offers & ast::kOffersReg) == 0) return l.constant(0);
  llvm::Value* level = l.builder().CreateAnd(context_word(l, *offset), l.constant(3));
  llvm::Value* user = l.builder().CreateICmpEQ(level, l.constant(3));
  return l.builder().CreateZExt(user, l.builder().getInt64Ty());
}

// A kprobe may lie anywhere in its function; at the return, and for trampolines, only the kernel
// knows which function it was.
llvm::Value* lower_kernel_func(Lowering& l, const ast::Expr&) {
  const bool at_instruction = l.probe().provider == ast::ProviderId::Kprobe &&
                              l.probe().mechanism != ast::Mechanism::Trampoline;
  if (at_instruction) return register_word(l, "pc");
  return l.call(Helper::GetFuncIp, {l.context()});
}

// Where the function of a uretprobe begins. At return instructions the kernel knows of nothing but
// those; their distance from the beginning comes along.
llvm::Value* returning_function(Lowering& l) {
  auto at_instructions = [](const ast::Target& target) {
    auto* user = std::get_if<ast::UserTarget>(&target.place);
    return user && !user->return_offsets.empty();
  };
  llvm::Value* here = l.call(Helper::GetFuncIp, {l.context()});
  const auto& targets = l.probe().targets;
  if (!std::any_of(targets.begin(), targets.end(), at_instructions)) return here;
  return l.builder().CreateSub(here, l.call(Helper::GetAttachCookie, {l.context()}));
}

// Where the program is mapped follows from where the probe fired: the distance between two places
// of one file is the same in every process. BuiltinUse::index is the symbol's ELF address.
llvm::Value* lower_uaddr(Lowering& l, const ast::Expr& expr) {
  const uint32_t symbol = std::get<ast::BuiltinUse>(l.info(expr).use).index;
  const auto& place = l.probe().targets.front().place;
  llvm::IRBuilder<>& b = l.builder();
  if (std::holds_alternative<ast::UsdtTarget>(place)) {
    llvm::Value* start = b.CreateSub(register_word(l, "pc"), l.marker_address());
    return b.CreateAdd(start, l.constant(symbol));
  }
  // At the return the registers say where the function returns to.
  bool at_return = l.probe().provider == ast::ProviderId::Uretprobe;
  llvm::Value* here = at_return ? returning_function(l) : register_word(l, "pc");
  const uint64_t probed = std::get<ast::UserTarget>(place).address;
  llvm::Value* found = b.CreateAdd(here, l.constant(uint64_t{symbol} - probed));
  if (!at_return) return found;
  // Kernels before 6.6 do not know. Programs at fixed addresses are right all the same.
  return b.CreateSelect(b.CreateICmpEQ(here, l.constant(0)), l.constant(symbol), found);
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
  llvm::Value* address = at_return ? returning_function(l) : register_word(l, "pc");
  l.store(address, to, 8);
  l.store(lower_pid(l, expr), to.at(8), 8);
}

}  // namespace gimlet::codegen
