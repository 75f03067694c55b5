// The program of a session link: it runs at the entry and at the return of a function, and calls
// the body of the one probe or of the other.
#include "codegen/session.h"

#include "codegen/kernel_calls.h"

namespace gimlet::codegen {

std::string body_name(const ast::TypedProbe& probe) { return probe.name + "_body"; }

void lower_session(ProgramModule& module, const ast::TypedProbe& entry,
                   const ast::TypedProbe& at_return) {
  llvm::LLVMContext& context = module.context();
  llvm::IRBuilder<> b(context);
  auto* type = llvm::FunctionType::get(b.getInt64Ty(), {b.getPtrTy()}, false);
  auto* function =
      llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, entry.name, module.llvm());
  function->setSection("gimlet/" + entry.name);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  auto* subprogram = module.debug().program(*function, entry.source->range);
  auto block = [&](const char* name) { return llvm::BasicBlock::Create(context, name, function); };
  b.SetInsertPoint(block("entry"));
  b.SetCurrentDebugLocation(module.debug().location(subprogram, entry.source->range));
  llvm::Value* argument = b.CreatePtrToInt(function->getArg(0), b.getInt64Ty());
  uint32_t question = module.program().kernel_functions.at("bpf_session_is_return");
  // A bool fills one byte of the register.
  llvm::Value* answer = b.CreateAnd(kernel_call(b, question, argument), b.getInt64(0xff));
  llvm::BasicBlock* returning = block("return");
  llvm::BasicBlock* entering = block("enter");
  b.CreateCondBr(b.CreateICmpNE(answer, b.getInt64(0)), returning, entering);
  for (auto [where, probe] : {std::pair{returning, &at_return}, {entering, &entry}}) {
    b.SetInsertPoint(where);
    b.CreateCall(type, module.llvm().getFunction(body_name(*probe)), {function->getArg(0)});
    // Another value than 0 at the entry would mean that the return is of no interest.
    b.CreateRet(b.getInt64(0));
  }
}

}  // namespace gimlet::codegen
