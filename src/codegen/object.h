// LLVM module -> BPF ELF object: the target, the passes, the code generator.
#pragma once

#include <llvm/IR/Module.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "codegen/generate.h"

namespace llvm {
class TargetMachine;
}

namespace gimlet::codegen {

// Sets up LLVM for BPF on first use, and nothing else of it.
base::Result<std::unique_ptr<llvm::TargetMachine>> create_target();

// Optimises and compiles the module. Fails if a function needs more stack than BPF has.
base::Result<std::vector<uint8_t>> emit_object(llvm::Module& module, llvm::TargetMachine& target,
                                               const Options& options);

}  // namespace gimlet::codegen
