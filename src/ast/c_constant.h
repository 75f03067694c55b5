// The value of a C constant expression.
//
// Arithmetic is C's: operands smaller than int are widened to int, then the wider and the unsigned
// side win. What overflows wraps, as compilers do it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "ast/c_definitions.h"

namespace gimlet::ast {

// What an expression can ask about a type.
struct CTypeFacts {
  uint64_t size = 0;
  uint64_t alignment = 0;
  bool is_integer = false;
  bool is_signed = false;
};

// How the names in an expression are looked up; an empty function knows no name.
struct CNames {
  std::function<std::optional<CInteger>(std::string_view)> constant;
  std::function<std::optional<CTypeFacts>(const CTypeName&)> type;
};

struct CConstantError {
  SourceRange range;
  std::string message;
  bool unknown_name = false;  // a name or a type could not be found
};

// The narrowest of int, unsigned int and long that holds the value.
CInteger c_integer_of(int64_t value);

std::variant<CInteger, CConstantError> evaluate(const CConstant& constant, const CNames& names);

}  // namespace gimlet::ast
