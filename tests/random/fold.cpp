// Constant folding (specification 6.4): literals are computed with their signs, exactly; a result
// outside int64 and uint64 is an error and so makes the whole expression unusable.
#include <limits>

#include "program.h"

namespace gimlet::random_tests {
namespace {

constexpr Wide lowest = std::numeric_limits<std::int64_t>::min();
constexpr Wide highest = std::numeric_limits<std::uint64_t>::max();

std::optional<Literal> boolean(bool value) { return Literal{value}; }

std::optional<Literal> error(bool& invalid) {
  invalid = true;
  return std::nullopt;
}

std::optional<Literal> compare(const std::string& op, auto left, auto right) {
  if (op == "==") return boolean(left == right);
  if (op == "!=") return boolean(left != right);
  if (op == "<") return boolean(left < right);
  if (op == "<=") return boolean(left <= right);
  if (op == ">") return boolean(left > right);
  if (op == ">=") return boolean(left >= right);
  return std::nullopt;
}

std::optional<Literal> fold_strings(const std::string& op, const std::string& left,
                                    const std::string& right, bool& invalid) {
  if (op == "+") return Literal{left + right};
  if (auto result = compare(op, left, right)) return result;
  return error(invalid);
}

// Bits are those of the 64-bit two's complement; mixing signs beyond int64 is left to run time.
std::optional<Literal> fold_bits(const std::string& op, Wide left, Wide right, bool& invalid) {
  const Wide top = std::numeric_limits<std::int64_t>::max();
  if (left > top || right > top) return error(invalid);
  if (op == "&") return Literal{left & right};
  if (op == "|") return Literal{left | right};
  return Literal{left ^ right};
}

std::optional<Literal> fold_integers(const std::string& op, Wide left, Wide right, bool& invalid) {
  if (op == "&&") return boolean(left != 0 && right != 0);
  if (op == "||") return boolean(left != 0 || right != 0);
  if (auto result = compare(op, left, right)) return result;
  if (op == "&" || op == "|" || op == "^") return fold_bits(op, left, right, invalid);
  Wide result = 0;
  if (op == "+") {
    result = left + right;
  } else if (op == "-") {
    result = left - right;
  } else if (op == "*") {
    if (__builtin_mul_overflow(left, right, &result)) return error(invalid);
  } else if (op == "/" || op == "%") {
    if (right == 0) return error(invalid);
    result = op == "/" ? left / right : left % right;
  } else {
    if (right < 0 || right > 63) return error(invalid);
    result = op == "<<" ? left * (static_cast<Wide>(1) << right) : left >> right;
  }
  if (result < lowest || result > highest) return error(invalid);
  return Literal{result};
}

std::optional<Literal> fold_binary(const Expression& expression, bool& invalid) {
  const auto& left = expression.operands[0]->folded;
  const auto& right = expression.operands[1]->folded;
  if (!left || !right) return std::nullopt;
  const bool texts = left->value.index() == 2 || right->value.index() == 2;
  if (texts && left->value.index() == right->value.index()) {
    return fold_strings(expression.text, left->text(), right->text(), invalid);
  }
  if (texts) {
    if (expression.text != "+" || left->value.index() != 2 || !right->is_integer() ||
        right->integer() < 0) {
      return error(invalid);
    }
    const auto& text = left->text();
    const Wide size = static_cast<Wide>(text.size());
    return Literal{right->integer() >= size
                       ? std::string()
                       : text.substr(static_cast<std::size_t>(right->integer()))};
  }
  auto number = [](const Literal& literal) {
    return literal.is_boolean() ? Wide{literal.boolean()} : literal.integer();
  };
  auto result = fold_integers(expression.text, number(*left), number(*right), invalid);
  if (result && result->is_integer() && left->is_boolean() && right->is_boolean()) {
    return boolean(result->integer() != 0);
  }
  return result;
}

std::optional<Literal> fold_unary(const Expression& expression, bool& invalid) {
  const auto& operand = expression.operands[0]->folded;
  if (!operand || operand->value.index() == 2) return std::nullopt;
  if (expression.text == "!") return boolean(!operand->truth());
  if (!operand->is_integer()) return error(invalid);
  const Wide value = operand->integer();
  const Wide result = expression.text == "-" ? -value : -value - 1;
  if (value > std::numeric_limits<std::int64_t>::max() || result < lowest) return error(invalid);
  return Literal{result};
}

std::optional<Literal> fold_choice(const ExpressionRef& condition, const ExpressionRef& yes,
                                   const ExpressionRef& no) {
  if (!condition->folded || !yes->folded || !no->folded) return std::nullopt;
  return condition->folded->truth() ? yes->folded : no->folded;
}

}  // namespace

bool Literal::truth() const {
  if (is_integer()) return integer() != 0;
  if (is_boolean()) return boolean();
  return !text().empty();
}

std::optional<Literal> fold(const Expression& expression, bool& invalid) {
  const auto& operands = expression.operands;
  switch (expression.kind) {
    case Expression::Kind::literal: return expression.folded;
    case Expression::Kind::unary: return fold_unary(expression, invalid);
    case Expression::Kind::binary: return fold_binary(expression, invalid);
    case Expression::Kind::choice:
      // Statements in front of a value keep it from being a literal.
      if (!expression.body.empty() || !expression.otherwise.empty()) return std::nullopt;
      return fold_choice(operands[0], operands[1], operands[2]);
    case Expression::Kind::conditional: return fold_choice(operands[0], operands[1], operands[2]);
    case Expression::Kind::elvis: return fold_choice(operands[0], operands[0], operands[1]);
    case Expression::Kind::index: {
      if (!operands[0]->folded || operands.size() > 1) return std::nullopt;
      if (operands[0]->folded->value.index() != 2) return error(invalid);
      const auto& text = operands[0]->folded->text();
      const auto at = static_cast<std::size_t>(expression.number);
      if (at > text.size()) return error(invalid);
      return Literal{at == text.size() ? Wide{0} : Wide{text[at]}};
    }
    case Expression::Kind::call:
      // str("abcdef", 3) keeps three characters of a literal (library part, `str`).
      if (expression.text == "str" && operands[0]->folded) {
        const auto count = static_cast<std::size_t>(operands[1]->folded->integer());
        return Literal{operands[0]->folded->text().substr(0, count)};
      }
      return std::nullopt;
    case Expression::Kind::place:
    case Expression::Kind::cast:
    case Expression::Kind::tuple:
    case Expression::Kind::record:
    case Expression::Kind::element:
    case Expression::Kind::field:
    case Expression::Kind::step:
    case Expression::Kind::size:
    case Expression::Kind::block:
    case Expression::Kind::macro: break;
  }
  return std::nullopt;
}

ExpressionRef build(Expression expression) {
  for (const auto& operand : expression.operands) {
    if (!operand) return nullptr;
  }
  bool invalid = false;
  auto folded = fold(expression, invalid);
  if (invalid) return nullptr;
  expression.folded = std::move(folded);
  return std::make_shared<const Expression>(std::move(expression));
}

}  // namespace gimlet::random_tests
