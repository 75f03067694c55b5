// Constant folding (language §6.4): pure functions on compile-time values.
#pragma once

#include <optional>
#include <string>

#include "ast/node.h"
#include "ast/typed_program.h"

namespace gimlet::ast::sema {

// A folded value, or the message of the error that folding found.
struct Folded {
  Constant value;
  const char* error = nullptr;
};

// Nothing if the operator does not fold for these operands (sema then reports the types).
std::optional<Folded> fold_unary(UnaryOp op, const Constant& operand);
std::optional<Folded> fold_binary(BinaryOp op, const Constant& left, const Constant& right);

// The type a constant has as an expression (language §6.1).
Type constant_type(const Constant& constant);
// What is known of an expression that is nothing but a constant.
ExprInfo constant_info(Constant constant);
// As str() and fail() show it.
std::string constant_text(const Constant& constant);
// Whether it counts as true in a condition.
bool is_true(const Constant& constant);

// Whether an integer constant is in the range of an integer, bool or enum type.
bool in_range(const IntegerConstant& value, const Type& type);

}  // namespace gimlet::ast::sema
