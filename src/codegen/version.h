// Which LLVM this build contains; other folders do not see LLVM's headers.
#pragma once

namespace gimlet::codegen {

const char* llvm_version();  // "19.1.7"

}  // namespace gimlet::codegen
