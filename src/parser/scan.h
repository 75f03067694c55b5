// Text -> tokens of a whole file, with the generated scanner of grammar/lexer.l.
#pragma once

#include <vector>

#include "parser/scan_state.h"

namespace gimlet::parser {

std::vector<Token> scan(const base::SourceSet& sources, base::FileId file);

}  // namespace gimlet::parser
