// What the tests of the parser share: a program's tree as text, its mistakes as "LINE:C1-C2:
// message".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ast/node.h"
#include "base/diagnostics.h"
#include "base/source.h"

namespace gimlet::parser::test {

struct Parsed {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  ast::Program program;

  std::string_view text(base::SourceRange range) const { return sources.text(range); }
};

Parsed parse_text(std::string text);

// The tree of `begin { BODY }`, or its first mistake.
std::string statements(const std::string& body);
// The same for one expression; operators inside operators are shown in parentheses.
std::string expression(const std::string& text);
// The messages without the prefix "syntax: ", each with its place.
std::vector<std::string> mistakes(const std::string& program);

using Lines = std::vector<std::string>;

}  // namespace gimlet::parser::test
