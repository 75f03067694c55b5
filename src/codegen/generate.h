// ast::TypedProgram -> image::Image, through LLVM. The only folder that sees LLVM.
#pragma once

#include <string>

#include "ast/typed_program.h"
#include "base/diagnostics.h"
#include "base/result.h"
#include "base/source.h"
#include "image/image.h"

namespace gimlet::codegen {

struct Options {
  bool verify_ir = false;  // run LLVM's verifier before optimising
  // Filled when not null: the LLVM IR before and after optimisation, the object's disassembly.
  std::string* ir = nullptr;
  std::string* optimized_ir = nullptr;
  std::string* disassembly = nullptr;
  // Takes messages about places in the program; then the Error itself says nothing.
  base::Diagnostics* diagnostics = nullptr;
};

// `sources` gives the line numbers that the kernel's verifier log will quote. An Error is a limit
// of the target that sema cannot see (for example too much stack), with its place.
base::Result<image::Image> generate(const ast::TypedProgram& program,
                                    const base::SourceSet& sources, const Options& options = {});

}  // namespace gimlet::codegen
