#include "ast/sema/fold.h"

namespace gimlet::ast::sema {
namespace {

// Wide enough for every sum, difference and product of two 64-bit values of either sign.
__extension__ typedef __int128 Wide;

Folded value(Constant constant) { return {std::move(constant)}; }
Folded failure(const char* message) { return {{}, message}; }
Folded illegal() { return failure("illegal literal operation with strings"); }
Folded overflow() { return failure("unable to fold literals due to overflow or underflow"); }

Wide widen(const IntegerConstant& c) {
  return c.negative ? Wide(static_cast<int64_t>(c.bits)) : Wide(c.bits);
}

Folded narrow(Wide number) {
  if (number < Wide(INT64_MIN) || number > Wide(UINT64_MAX)) return overflow();
  return value(IntegerConstant{static_cast<uint64_t>(number), number < 0});
}

Folded fold_shift(BinaryOp op, Wide left, Wide count) {
  if (count < 0 || count > 63) return overflow();
  int by = static_cast<int>(count);
  if (op == BinaryOp::ShiftRight) return narrow(left >> by);
  return narrow(left * (Wide(1) << by));
}

// Bitwise operators work on two's complement; the result is negative if its top bit came from a
// negative operand.
Folded fold_bits(BinaryOp op, const IntegerConstant& a, const IntegerConstant& b) {
  uint64_t bits = op == BinaryOp::BitAnd  ? a.bits & b.bits
                  : op == BinaryOp::BitOr ? a.bits | b.bits
                                          : a.bits ^ b.bits;
  bool negative = (a.negative || b.negative) && static_cast<int64_t>(bits) < 0;
  return value(IntegerConstant{bits, negative});
}

template <typename T>
std::optional<bool> compare(BinaryOp op, const T& a, const T& b) {
  switch (op) {
    case BinaryOp::Less: return a < b;
    case BinaryOp::LessEqual: return a <= b;
    case BinaryOp::Greater: return a > b;
    case BinaryOp::GreaterEqual: return a >= b;
    case BinaryOp::Equal: return a == b;
    case BinaryOp::NotEqual: return a != b;
    default: return std::nullopt;
  }
}

std::optional<Folded> fold_integers(BinaryOp op, const IntegerConstant& a,
                                    const IntegerConstant& b) {
  Wide left = widen(a), right = widen(b);
  if (auto verdict = compare(op, left, right)) return value(*verdict);
  switch (op) {
    case BinaryOp::Add: return narrow(left + right);
    case BinaryOp::Subtract: return narrow(left - right);
    case BinaryOp::Multiply:
      // The product of two 64-bit magnitudes can pass 127 bits only when both pass 63.
      if (left > Wide(INT64_MAX) && right > Wide(INT64_MAX)) return overflow();
      return narrow(left * right);
    case BinaryOp::Divide: return right == 0 ? overflow() : narrow(left / right);
    case BinaryOp::Modulo: return right == 0 ? overflow() : narrow(left % right);
    case BinaryOp::ShiftLeft:
    case BinaryOp::ShiftRight: return fold_shift(op, left, right);
    case BinaryOp::BitAnd:
    case BinaryOp::BitOr:
    case BinaryOp::BitXor: return fold_bits(op, a, b);
    default: return std::nullopt;
  }
}

std::optional<IntegerConstant> as_number(const Constant& c) {
  if (auto* number = std::get_if<IntegerConstant>(&c)) return *number;
  if (auto* flag = std::get_if<bool>(&c)) return IntegerConstant{*flag ? 1U : 0U, false};
  return std::nullopt;
}

std::optional<Folded> fold_texts(BinaryOp op, const std::string& a, const std::string& b) {
  if (auto verdict = compare(op, a, b)) return value(*verdict);
  if (op == BinaryOp::Add) return value(a + b);
  return illegal();
}

bool is_comparison(BinaryOp op) { return compare(op, 0, 0).has_value(); }

// Of a string and a number: `"text" + N` is the text without its first N bytes. Comparisons are
// left to the checker, whose message names the types.
std::optional<Folded> fold_text_and_number(BinaryOp op, const std::string* text,
                                           const Constant& right) {
  if (is_comparison(op)) return std::nullopt;
  auto number = as_number(right);
  if (!text || op != BinaryOp::Add || !number || number->negative) return illegal();
  return value(number->bits >= text->size() ? std::string() : text->substr(number->bits));
}

}  // namespace

std::optional<Folded> fold_unary(UnaryOp op, const Constant& operand) {
  if (op == UnaryOp::LogicalNot) {
    if (!as_number(operand)) return std::nullopt;
    return value(!is_true(operand));
  }
  auto* number = std::get_if<IntegerConstant>(&operand);
  if (!number) return std::nullopt;
  if (op == UnaryOp::BitNot) {
    bool is_signed = number->negative || number->bits <= INT64_MAX;
    return value(
        IntegerConstant{~number->bits, is_signed && static_cast<int64_t>(~number->bits) < 0});
  }
  if (op == UnaryOp::Negate) {
    if (!number->negative && number->bits > (uint64_t(1) << 63)) {
      return failure("negative value will underflow");
    }
    return narrow(-widen(*number));
  }
  return std::nullopt;
}

std::optional<Folded> fold_binary(BinaryOp op, const Constant& left, const Constant& right) {
  auto* a = std::get_if<std::string>(&left);
  auto* b = std::get_if<std::string>(&right);
  if (op == BinaryOp::LogicalAnd || op == BinaryOp::LogicalOr) {
    if (a || b) return illegal();
    bool both = op == BinaryOp::LogicalAnd;
    return value(both ? is_true(left) && is_true(right) : is_true(left) || is_true(right));
  }
  if (a && b) return fold_texts(op, *a, *b);
  if (a || b) return fold_text_and_number(op, a, right);
  bool both_bool = std::holds_alternative<bool>(left) && std::holds_alternative<bool>(right);
  if (both_bool) {
    auto result = fold_integers(op, *as_number(left), *as_number(right));
    if (!result || result->error) return result;
    return value(is_true(result->value));
  }
  return fold_integers(op, *as_number(left), *as_number(right));
}

Type constant_type(const Constant& constant) {
  if (auto* number = std::get_if<IntegerConstant>(&constant)) {
    return number->negative ? negative_literal_type(static_cast<int64_t>(number->bits))
                            : literal_integer_type(number->bits);
  }
  if (auto* text = std::get_if<std::string>(&constant)) {
    Type type = string_type(static_cast<uint32_t>(text->size() + 1));
    type.space = AddressSpace::Kernel;
    return type;
  }
  return bool_type();
}

ExprInfo constant_info(Constant constant) {
  ExprInfo info;
  info.type = constant_type(constant);
  info.constant = std::move(constant);
  return info;
}

std::string constant_text(const Constant& constant) {
  if (auto* text = std::get_if<std::string>(&constant)) return *text;
  if (auto* flag = std::get_if<bool>(&constant)) return *flag ? "true" : "false";
  const auto& number = std::get<IntegerConstant>(constant);
  return number.negative ? std::to_string(static_cast<int64_t>(number.bits))
                         : std::to_string(number.bits);
}

bool is_true(const Constant& constant) {
  if (auto* number = std::get_if<IntegerConstant>(&constant)) return number->bits != 0;
  if (auto* text = std::get_if<std::string>(&constant)) return !text->empty();
  return std::get<bool>(constant);
}

bool in_range(const IntegerConstant& value, const Type& type) {
  uint32_t bits = type.size * 8;
  Wide wide = widen(value);
  if (type.is_signed) return wide >= -(Wide(1) << (bits - 1)) && wide < (Wide(1) << (bits - 1));
  return wide >= 0 && wide < (Wide(1) << bits);
}

}  // namespace gimlet::ast::sema
