// The token filter between scanner and grammar. It looks around in the tokens of one probe and marks
// what the grammar cannot tell by one token of look-ahead:
//   - `(` that opens a cast (language §3.3) becomes CAST_OPEN;
//   - `[` right after a map becomes KEY_OPEN;
//   - words with meaning in their position (if, let, return, struct, true, ...) become tokens of
//     their own, anywhere else they stay names;
//   - a `;` is added before `}` where the last statement of a block was left without one.
// Constructs of the language that are still to come become Bad tokens that say so.
#pragma once

#include <span>
#include <vector>

#include "parser/scan_state.h"

namespace gimlet::parser {

std::vector<Token> filter(std::span<const Token> tokens);

}  // namespace gimlet::parser
