// Debug information, from which LLVM writes BTF: map definitions, data sections, function
// prototypes and line numbers. The kernel refuses programs whose BTF does not describe them, and
// its verifier quotes the script's lines from it.
#pragma once

#include <llvm/IR/DIBuilder.h>
#include <llvm/IR/Module.h>

#include <string>
#include <utility>
#include <vector>

#include "ast/external_code.h"
#include "base/source.h"

namespace gimlet::codegen {

class DebugInfo {
 public:
  DebugInfo(llvm::Module& module, const base::SourceSet& sources);

  // A program: int64 name(void *ctx).
  llvm::DISubprogram* program(llvm::Function& function, base::SourceRange range);
  // A callback of bpf_for_each_map_elem: int64 name(void *map, void *key, void *value, void *ctx).
  llvm::DISubprogram* callback(llvm::Function& function, const std::vector<const char*>& parameters,
                               base::SourceRange range);
  // A function that is defined elsewhere. The linker compares this with the definition.
  void declaration(llvm::Function& function, const ast::ExternalFunction& external);
  llvm::DILocation* location(llvm::DISubprogram* scope, base::SourceRange range);

  // A variable of `size` bytes, described as char[size], so that the loader may grow it.
  void bytes_variable(llvm::GlobalVariable& variable, uint64_t size);
  // A BTF-defined map: each number becomes a member `int (*name)[number]`.
  void map_variable(llvm::GlobalVariable& variable,
                    const std::vector<std::pair<const char*, uint32_t>>& numbers);
  void finish();

 private:
  llvm::DIFile* file(base::FileId id);
  llvm::DISubprogram* function(llvm::Function& function, const std::vector<const char*>& parameters,
                               base::SourceRange range);
  llvm::DIType* type_of(const ast::Type& type);
  void attach(llvm::GlobalVariable& variable, llvm::DIType* type);

  llvm::DIBuilder builder_;
  const base::SourceSet& sources_;
  std::vector<llvm::DIFile*> files_;
  llvm::DICompileUnit* unit_ = nullptr;
  llvm::DIType* int_ = nullptr;
  llvm::DIType* char_ = nullptr;
  llvm::DIType* long_ = nullptr;
  llvm::DIType* pointer_ = nullptr;
};

}  // namespace gimlet::codegen
