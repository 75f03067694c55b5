// The words for a syntax error (language §20.2), from what was found and what could have stood
// there.
#pragma once

#include <span>
#include <string>

#include "parser.h"

namespace gimlet::parser {

// Without the prefix "syntax: ". `item` is the kind of the item's first token, `previous` that of
// the token before.
std::string explain(Grammar::symbol_kind_type found, Grammar::token_kind_type item,
                    Grammar::token_kind_type previous,
                    std::span<const Grammar::symbol_kind_type> expected);

}  // namespace gimlet::parser
