// Prints a tree back as a program, for `-d ast` and the golden tests: one statement a line, nested
// operators fully parenthesised, `->` as `.`. The text parses to the same tree again.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "ast/node.h"

namespace gimlet::ast {

std::string print(const Program& program);
// What stands in a comment behind an expression; empty: none does.
using Annotate = std::function<std::string(const Expr&)>;
std::string print(const Probe& probe, const Annotate& annotate);
std::string print(const Expr& expr);
std::string print(const TypeSpec& type);
// `for $i : a..b `, up to the body.
std::string print_head(const For& loop);
// One statement with its `;`, without a newline at its end; lines after the first are indented.
std::string print(const Stmt& statement, size_t indent);
// An `if` or block as a statement ends without a `;`, unless the text of what follows would go on
// with it as with an operand.
bool is_open(const Stmt& statement);
bool continues(std::string_view text);
// A string literal with its quotes and escapes.
std::string quoted(const std::string& text);

}  // namespace gimlet::ast
