#include "codegen/version.h"

#include <llvm/Config/llvm-config.h>

namespace gimlet::codegen {

const char* llvm_version() { return LLVM_VERSION_STRING; }

}  // namespace gimlet::codegen
