// One text that clang reads: its macros, and after a second step its types as BTF.
//
// Each step runs at the first question that needs it, and at most once. A failure stays: it is the
// answer to every later question, too.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ast/c_definitions.h"
#include "base/result.h"
#include "kernel/btf_types.h"
#include "kernel/header_text.h"

namespace gimlet::kernel {

class ClangUnit {
 public:
  // `arguments` are for the preprocessor. `module` names the types' origin as of BtfTypes.
  ClangUnit(std::string text, std::vector<std::string> arguments, std::string module)
      : source_(std::move(text)), arguments_(std::move(arguments)), module_(std::move(module)) {}

  // Null if there is no such macro.
  base::Result<const ast::CMacro*> macro(std::string_view name);
  // Every type that the text defines at file scope. Never null.
  base::Result<BtfTypes*> types();

 private:
  base::Status preprocess();
  base::Status compile();
  // The declarations, and a variable for each type whose number is not in `left_out`.
  std::string compilation(const std::set<size_t>& left_out) const;

  std::string source_;
  std::vector<std::string> arguments_;
  std::string module_;
  std::optional<base::Error> failure_;
  bool preprocessed_ = false;
  HeaderText text_;
  std::unique_ptr<BtfTypes> types_;
};

}  // namespace gimlet::kernel
