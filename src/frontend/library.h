// The part of the standard library that is written in the language itself: macros in the .bt files
// of src/stdlib, which the build puts into the program. A file is parsed when one of its macros is
// used for the first time, so that what a program does not use costs it nothing.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "frontend/macro_source.h"

namespace gimlet::frontend {

// The replacement text of an object-like C macro, or nothing.
using FindCMacro = std::function<std::optional<std::string>(std::string_view)>;

class Library : public MacroSource {
 public:
  Library(base::SourceSet& sources, FindCMacro find_c_macro)
      : sources_(sources), find_c_macro_(std::move(find_c_macro)) {}

  std::span<const ast::Macro> library(std::string_view name) override;
  std::optional<CReplacement> c_macro(std::string_view name) override;

 private:
  struct CMacro {
    std::optional<std::string> text;
    ast::ExprPtr expression;
  };

  base::SourceSet& sources_;
  FindCMacro find_c_macro_;
  std::map<std::string, std::vector<ast::Macro>, std::less<>> macros_;
  std::vector<bool> parsed_;  // by file
  std::map<std::string, CMacro, std::less<>> c_macros_;
};

}  // namespace gimlet::frontend
