// Prints a tree back as a program, for `-d ast` and the golden tests: one statement a line, nested
// operators fully parenthesised, `->` as `.`. The text parses to the same tree again.
#pragma once

#include <string>

#include "ast/node.h"

namespace gimlet::ast {

std::string print(const Program& program);
std::string print(const Expr& expr);

}  // namespace gimlet::ast
