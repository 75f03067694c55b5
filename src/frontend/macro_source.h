// Where macro expansion finds the macros that a program did not define itself.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ast/node.h"

namespace gimlet::frontend {

// The macros that a program can use besides its own.
class MacroSource {
 public:
  virtual ~MacroSource() = default;

  // Those of the standard library with this name, in the order of their definition.
  virtual std::span<const ast::Macro> library(std::string_view name) = 0;

  struct CReplacement {
    std::string text;
    const ast::ExprPtr* expression = nullptr;  // null if the text is no expression
  };
  // What an object-like C macro stands for.
  virtual std::optional<CReplacement> c_macro(std::string_view name) = 0;
};

}  // namespace gimlet::frontend
