// Calls of the kernel's own functions (kfuncs), and its per-CPU variables. Both are named by their
// ids in the kernel's BTF, in instructions that LLVM cannot make by itself: it is given their
// bytes. Formats: struct bpf_insn of linux/bpf.h; the source register says what kind of number
// follows.
#include "codegen/kernel_calls.h"

#include <fmt/format.h>
#include <llvm/IR/InlineAsm.h>

#include "codegen/lowering.h"

namespace gimlet::codegen {

// BPF_CALL of kind BPF_PSEUDO_KFUNC_CALL. As any call it leaves nothing in r1 to r5.
llvm::Value* kernel_call(llvm::IRBuilder<>& builder, uint32_t function, llvm::Value* argument) {
  auto* i64 = builder.getInt64Ty();
  auto* results = llvm::StructType::get(i64, i64);
  auto* type = llvm::FunctionType::get(results, {i64}, false);
  std::string code = fmt::format(".long 0x2085\n.long {}", function);
  auto* call =
      llvm::InlineAsm::get(type, code, "={r0},={r1},1,~{r2},~{r3},~{r4},~{r5},~{memory}", true);
  return builder.CreateExtractValue(builder.CreateCall(type, call, {argument}), 0);
}

llvm::Value* Lowering::call_kernel(uint32_t function, llvm::Value* argument) {
  return kernel_call(b_, function, argument);
}

// A load of 64 bits of kind BPF_PSEUDO_BTF_ID into r0.
llvm::Value* Lowering::percpu_variable(uint32_t id) {
  auto* type = llvm::FunctionType::get(b_.getPtrTy(), {}, false);
  std::string code = fmt::format(".long 0x3018\n.long {}\n.long 0\n.long 0", id);
  return b_.CreateCall(type, llvm::InlineAsm::get(type, code, "={r0}", true), {});
}

llvm::Value* Lowering::typed_pointer(const ast::Expr& expr) {
  Value value = base_of(expr);
  if (value.place == Place::Trusted) return pointer(value.address);
  value = read(value);
  if (value.place != Place::Register || !value.trusted) return nullptr;
  return b_.CreateIntToPtr(value.bits(), b_.getPtrTy());
}

}  // namespace gimlet::codegen
