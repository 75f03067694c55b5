#include "ast/c_constant.h"

#include <fmt/format.h>

namespace gimlet::ast {
namespace {

using Value = std::variant<CInteger, CConstantError>;

CInteger normal(uint64_t bits, bool is_unsigned, bool wide) {
  if (!wide) {
    const auto low = static_cast<uint32_t>(bits);
    bits = is_unsigned ? low : static_cast<uint64_t>(int64_t{static_cast<int32_t>(low)});
  }
  return {bits, is_unsigned, wide};
}

CInteger truth(bool value) { return {value, false, false}; }

bool less(CInteger a, CInteger b) {
  return a.is_unsigned ? a.bits < b.bits : a.as_signed() < b.as_signed();
}

// Both operands have the same type here.
Value divide(const CConstant& at, CInteger a, CInteger b) {
  if (b.bits == 0) return CConstantError{at.range, "division by zero in a constant expression"};
  const bool remainder = at.binary == BinaryOp::Modulo;
  uint64_t bits = 0;
  if (a.is_unsigned) {
    bits = remainder ? a.bits % b.bits : a.bits / b.bits;
  } else if (b.as_signed() == -1) {
    bits = remainder ? 0 : 0 - a.bits;  // the smallest number has no positive counterpart
  } else {
    bits = static_cast<uint64_t>(remainder ? a.as_signed() % b.as_signed()
                                           : a.as_signed() / b.as_signed());
  }
  return normal(bits, a.is_unsigned, a.wide);
}

Value shift(const CConstant& at, CInteger a, CInteger b) {
  if (b.bits >= (a.wide ? 64u : 32u)) {
    return CConstantError{at.range, "a shift in a constant expression is wider than its operand"};
  }
  uint64_t bits = a.bits << b.bits;
  if (at.binary == BinaryOp::ShiftRight) {
    bits = a.is_unsigned ? a.bits >> b.bits : static_cast<uint64_t>(a.as_signed() >> b.bits);
  }
  return normal(bits, a.is_unsigned, a.wide);
}

Value combine(const CConstant& at, CInteger a, CInteger b) {
  if (at.binary == BinaryOp::ShiftLeft || at.binary == BinaryOp::ShiftRight) return shift(at, a, b);
  const bool wide = a.wide || b.wide;
  // A long holds every unsigned int, so only an unsigned operand of the common width counts.
  const bool is_unsigned = (a.is_unsigned && a.wide == wide) || (b.is_unsigned && b.wide == wide);
  a = normal(a.bits, is_unsigned, wide);
  b = normal(b.bits, is_unsigned, wide);
  switch (at.binary) {
    case BinaryOp::Multiply: return normal(a.bits * b.bits, is_unsigned, wide);
    case BinaryOp::Divide:
    case BinaryOp::Modulo: return divide(at, a, b);
    case BinaryOp::Add: return normal(a.bits + b.bits, is_unsigned, wide);
    case BinaryOp::Subtract: return normal(a.bits - b.bits, is_unsigned, wide);
    case BinaryOp::BitAnd: return normal(a.bits & b.bits, is_unsigned, wide);
    case BinaryOp::BitXor: return normal(a.bits ^ b.bits, is_unsigned, wide);
    case BinaryOp::BitOr: return normal(a.bits | b.bits, is_unsigned, wide);
    case BinaryOp::Less: return truth(less(a, b));
    case BinaryOp::LessEqual: return truth(!less(b, a));
    case BinaryOp::Greater: return truth(less(b, a));
    case BinaryOp::GreaterEqual: return truth(!less(a, b));
    case BinaryOp::Equal: return truth(a.bits == b.bits);
    case BinaryOp::NotEqual: return truth(a.bits != b.bits);
    case BinaryOp::ShiftLeft:
    case BinaryOp::ShiftRight:
    case BinaryOp::LogicalAnd:
    case BinaryOp::LogicalOr: break;  // taken above and in binary()
  }
  return truth(false);
}

Value binary(const CConstant& at, const CNames& names) {
  const Value left = evaluate(at.operands[0], names);
  if (!std::holds_alternative<CInteger>(left)) return left;
  const CInteger a = std::get<CInteger>(left);
  const bool is_and = at.binary == BinaryOp::LogicalAnd;
  const bool logical = is_and || at.binary == BinaryOp::LogicalOr;
  if (logical && (a.bits != 0) != is_and) return truth(!is_and);
  const Value right = evaluate(at.operands[1], names);
  if (!std::holds_alternative<CInteger>(right)) return right;
  const CInteger b = std::get<CInteger>(right);
  return logical ? truth(b.bits != 0) : combine(at, a, b);
}

Value unary(const CConstant& at, const CNames& names) {
  const Value operand = evaluate(at.operands[0], names);
  if (!std::holds_alternative<CInteger>(operand)) return operand;
  const CInteger a = std::get<CInteger>(operand);
  switch (at.unary) {
    case UnaryOp::Negate: return normal(0 - a.bits, a.is_unsigned, a.wide);
    case UnaryOp::BitNot: return normal(~a.bits, a.is_unsigned, a.wide);
    case UnaryOp::LogicalNot: return truth(a.bits == 0);
    case UnaryOp::Dereference:
    case UnaryOp::AddressOf: break;
  }
  return CConstantError{at.range, "not a constant expression"};
}

Value conditional(const CConstant& at, const CNames& names) {
  const Value condition = evaluate(at.operands[0], names);
  if (!std::holds_alternative<CInteger>(condition)) return condition;
  return evaluate(at.operands[std::get<CInteger>(condition).bits != 0 ? 1 : 2], names);
}

Value of_type(const CConstant& at, const CNames& names) {
  const auto facts = names.type ? names.type(*at.type) : std::nullopt;
  if (!facts) {
    const std::string& name = at.type->base.name;
    return CConstantError{at.range, fmt::format("the size of '{}' is not known", name), true};
  }
  if (at.kind == CConstant::Kind::SizeOf) return CInteger{facts->size, true, true};
  if (at.kind == CConstant::Kind::AlignOf) return CInteger{facts->alignment, true, true};
  if (!facts->is_integer || facts->size == 0 || facts->size > 8) {
    return CConstantError{at.range, "a constant can only be cast to an integer type"};
  }
  const Value operand = evaluate(at.operands[0], names);
  if (!std::holds_alternative<CInteger>(operand)) return operand;
  const auto dropped = static_cast<uint32_t>(64 - 8 * facts->size);
  const uint64_t high = std::get<CInteger>(operand).bits << dropped;
  const uint64_t bits = facts->is_signed
                            ? static_cast<uint64_t>(static_cast<int64_t>(high) >> dropped)
                            : high >> dropped;
  // Types narrower than int become int.
  return normal(bits, !facts->is_signed && facts->size >= 4, facts->size == 8);
}

}  // namespace

CInteger c_integer_of(int64_t value) {
  const auto bits = static_cast<uint64_t>(value);
  if (value == static_cast<int32_t>(value)) return {bits, false, false};
  if (bits <= UINT32_MAX) return {bits, true, false};
  return {bits, false, true};
}

Value evaluate(const CConstant& constant, const CNames& names) {
  switch (constant.kind) {
    case CConstant::Kind::Integer: return constant.value;
    case CConstant::Kind::Name: {
      if (auto value = names.constant ? names.constant(constant.name) : std::nullopt) return *value;
      return CConstantError{constant.range,
                            fmt::format("'{}' is not a constant that is known here", constant.name),
                            true};
    }
    case CConstant::Kind::SizeOf:
    case CConstant::Kind::AlignOf:
    case CConstant::Kind::Cast: return of_type(constant, names);
    case CConstant::Kind::Unary: return unary(constant, names);
    case CConstant::Kind::Binary: return binary(constant, names);
    case CConstant::Kind::Conditional: return conditional(constant, names);
  }
  return CConstantError{constant.range, "not a constant expression"};
}

}  // namespace gimlet::ast
