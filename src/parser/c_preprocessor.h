// The lines of C text that begin with `#` (language §2.2, §16).
//
// A piece of C text goes in, the tokens that are left of it come out: macros replaced, parts that a
// conditional leaves out removed. Conditionals reach over pieces; lines also count inside a
// definition. Included files are not read: what they define may be known without them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ast/c_definitions.h"
#include "base/diagnostics.h"
#include "base/source.h"
#include "parser/c_macros.h"
#include "parser/c_scanner.h"

namespace gimlet::parser {

class CPreprocessor {
 public:
  CPreprocessor(const base::SourceSet& sources, std::span<const std::string> predefined,
                base::Diagnostics& diagnostics);

  // What is left of one piece. Empty after a reported mistake.
  std::vector<CToken> read(base::SourceRange piece);
  // Reports conditionals without end, and hands over what the lines said.
  void finish(ast::CDefinitions& definitions);

 private:
  struct Conditional {
    base::SourceRange range;
    bool enclosing = true;  // is the text around it read
    bool reading = true;    // is the current branch read
    bool taken = false;     // was a branch of it read before
    bool seen_else = false;
  };
  using Line = std::span<const CToken>;  // `#` included

  bool reading() const { return conditionals_.empty() || conditionals_.back().reading; }
  void directive(Line line);
  bool conditional(Line line);
  void open(Line line, bool taken);
  void next_branch(Line line);
  void close(Line line);
  void define(Line line);
  void include(Line line);
  void own_message(Line line);
  bool condition(Line line);
  bool names_macro(Line line);
  bool replace_defined(Line line, std::vector<CToken>& out);
  base::SourceRange rest_of(Line line) const;

  const base::SourceSet& sources_;
  base::Diagnostics& diagnostics_;
  CMacros macros_;
  std::vector<Conditional> conditionals_;
  std::vector<ast::CInclude> includes_;
  bool failed_ = false;
};

}  // namespace gimlet::parser
