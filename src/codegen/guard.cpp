// The guard of programs that trace locks which programs take themselves: through maps and the ring
// buffer a program would come upon its own probe, or upon another of the script's, while it holds
// the lock. So only one program of the script runs on a CPU at a time; whoever finds another one
// there counts a skip and leaves.
//
// The body of the probe stays a function of its own, which the guarded program calls.
#include "codegen/lowering.h"

namespace gimlet::codegen {

void Lowering::lower_guard() {
  llvm::Function* body = frame_.function;
  frame_ = Frame{};
  begin_function(true);
  set_location(probe_.source->range);
  b_.SetInsertPoint(block("entry"));
  llvm::BasicBlock* skip = block("skip");
  llvm::BasicBlock* run = block("run");
  llvm::Value* area = area_here();
  llvm::Value* taken = b_.CreateGEP(b_.getInt8Ty(), area, module_.guard_offset());
  llvm::Value* other = b_.CreateLoad(b_.getInt64Ty(), taken, true);
  b_.CreateCondBr(b_.CreateICmpNE(other, constant(0)), skip, run);

  b_.SetInsertPoint(skip);
  llvm::Value* skipped = b_.CreateGEP(b_.getInt8Ty(), area, module_.skipped_offset());
  b_.CreateAtomicRMW(llvm::AtomicRMWInst::Add, skipped, constant(1), llvm::Align(8),
                     llvm::AtomicOrdering::Monotonic);
  b_.CreateRet(constant(initial_status()));

  b_.SetInsertPoint(run);
  b_.CreateStore(constant(1), taken, true);
  llvm::Value* result = b_.CreateCall(body->getFunctionType(), body, {frame_.context});
  b_.CreateStore(constant(0), taken, true);
  b_.CreateRet(result);
}

}  // namespace gimlet::codegen
