// What becomes of a place that receives values of several types (language §5.5, §6.2).
#pragma once

#include <optional>

#include "ast/type.h"

namespace gimlet::ast {

// The type that holds both; nothing if they are not compatible. A None side gives the other side.
std::optional<Type> promote(const Type& stored, const Type& arriving);

// Integers of 64 bits with different signs have no common type: promote() gives int64, and values
// may change meaning.
bool promotion_loses(const Type& stored, const Type& arriving);

// Whether an integer of type `from` is always representable in `to` (language §6.2, "fits").
bool integer_fits(const Type& from, const Type& to);

// Type of an operand that stands in an expression: castable aggregates read as 64-bit integers.
Type as_operand(const Type& type);

// Integer kinds as plain integers: bool is uint8, an enum an integer of its size.
Type as_integer(const Type& type);

// Result type of a non-comparison arithmetic operator on integer-like operands (§6.3).
Type arithmetic_type(const Type& left, const Type& right, bool is_subtraction);

// Whether a comparison of two integer-like operands is a signed one.
bool compares_signed(const Type& left, const Type& right);

}  // namespace gimlet::ast
