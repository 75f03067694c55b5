// A program compiled against the frozen system, and its machine code taken apart for tests.
#pragma once

#include <string>
#include <vector>

#include "ast/sema/analyze.h"
#include "ast/typed_program.h"
#include "base/result.h"
#include "codegen/generate.h"

namespace gimlet::codegen_tests {

struct Compiled {
  base::Result<image::Image> image = base::Error{};
  std::string assembly;
  std::string ir;

  // The instructions of one program, in the order of the programs.
  std::vector<std::string> instructions(size_t program = 0) const;
  // The numbers of the helpers it calls, in the order of the code.
  std::vector<int> helpers(size_t program = 0) const;
  size_t occurrences(const std::string& text) const;
};

// The program must parse and pass semantic analysis. `adjust` may change what codegen is given.
Compiled compile(const std::string& text, void (*adjust)(ast::TypedProgram&) = nullptr,
                 const ast::sema::Options& checking = {});

}  // namespace gimlet::codegen_tests
