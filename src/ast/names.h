// Names that the parser itself takes for builtin values (language §1.2): never types, never names
// of record fields or of macro parameters.
#pragma once

#include <string_view>

namespace gimlet::ast {

bool is_parser_builtin(std::string_view name);

}  // namespace gimlet::ast
