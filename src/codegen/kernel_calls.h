// Calls of the kernel's own functions (kfuncs).
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <cstdint>

namespace gimlet::codegen {

// Calls the function with that id in the kernel's BTF with one argument, an i64; the result is one,
// too.
llvm::Value* kernel_call(llvm::IRBuilder<>& builder, uint32_t function, llvm::Value* argument);

}  // namespace gimlet::codegen
