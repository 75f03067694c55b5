// Comments inside of a statement or a head: they go back between the same two tokens.
//
// The tree's printer adds and leaves out parentheses, commas, semicolons and braces, but every
// other token stays, and in order. So a comment's place is the number of such tokens in front of
// it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parser/comments.h"

namespace gimlet::frontend {

// `printed` with the comments that stand in `source`, which begins at `begin` of the file; each
// becomes `/* ... */`.
std::string with_comments(const std::string& printed, std::string_view source, uint32_t begin,
                          const std::vector<parser::Comment>& comments);

}  // namespace gimlet::frontend
