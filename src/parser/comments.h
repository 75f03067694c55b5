// The comments of a program, which its tree does not hold. What stands between two tokens is layout
// and comments only; so the scanner's tokens tell where comments are, and nothing else has to know
// what a string or an attach point looks like.
#pragma once

#include <string>
#include <vector>

#include "base/source.h"

namespace gimlet::parser {

struct Comment {
  base::SourceRange range;         // with its `//` or `/*` and `*/`
  std::vector<std::string> lines;  // its text, without the signs and the blanks around
};

// In the order of the text. A shebang line is none.
std::vector<Comment> find_comments(const base::SourceSet& sources, base::FileId file);

}  // namespace gimlet::parser
