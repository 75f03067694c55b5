// The macros of C text, and their expansion inside definitions.
//
// Only macros without arguments are expanded; one with arguments is remembered, so that its use
// can be reported. Expanded tokens are reported at the place where the macro was used.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ast/c_definitions.h"
#include "base/diagnostics.h"
#include "parser/c_scanner.h"

namespace gimlet::parser {

class CMacros {
 public:
  explicit CMacros(base::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // A macro of the compiler's own: 1, and not visible to the program.
  void predefine(std::string_view name);
  void define(const CToken& name, std::span<const CToken> replacement, bool function_like);
  void undefine(std::string_view name);
  bool defined(std::string_view name) const { return macros_.contains(name); }

  // Appends the tokens with all macros replaced. False after a reported mistake.
  bool expand(std::span<const CToken> tokens, std::vector<CToken>& out) {
    return expand(tokens, nullptr, out);
  }
  // The program's macros by name.
  std::vector<ast::CMacro> list() const;

 private:
  struct Macro {
    base::SourceRange range;
    std::vector<CToken> replacement;
    bool function_like = false;
    bool predefined = false;
    bool active = false;  // while it is being expanded: C does not expand it again
  };

  // `place`: where the outermost macro was used; null for the program's own tokens.
  bool expand(std::span<const CToken> tokens, const base::SourceRange* place,
              std::vector<CToken>& out);
  bool expand_macro(Macro& macro, const base::SourceRange& place, std::vector<CToken>& out);

  base::Diagnostics& diagnostics_;
  std::map<std::string, Macro, std::less<>> macros_;
  int depth_ = 0;
};

}  // namespace gimlet::parser
