// The words that mean something at some positions (language §1.2), and the parser builtins, which
// are never taken for a type's name. Everything else is a plain identifier to the parser.
#pragma once

#include <optional>
#include <string_view>

#include "parser.h"

namespace gimlet::parser {

// Begins a statement. Nothing if the word has no meaning there.
std::optional<Grammar::token_kind_type> statement_word(std::string_view word);

// Why a word cannot be used at the position; empty if it can be.
std::string_view unsupported_top_level(std::string_view word);
std::string_view unsupported_statement(std::string_view word);
std::string_view unsupported_in_expression(std::string_view word);

bool is_type_tag(std::string_view word);
bool is_parser_builtin(std::string_view word);

}  // namespace gimlet::parser
