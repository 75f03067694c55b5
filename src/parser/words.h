// The words that mean something at some positions (language §1.2). Everything else is a plain
// identifier to the parser.
#pragma once

#include <optional>
#include <string_view>

#include "parser.h"

namespace gimlet::parser {

// Begins a statement. Nothing if the word has no meaning there.
std::optional<Grammar::token_kind_type> statement_word(std::string_view word);
// `sizeof` and its kin, which take a type or an expression in parentheses.
std::optional<Grammar::token_kind_type> type_function_word(std::string_view word);

bool is_type_tag(std::string_view word);

}  // namespace gimlet::parser
