// Integers, booleans and texts; aggregates and calls are in aggregates.cpp.
#include "expressions.h"

#include <utility>

namespace gimlet::random_tests {

ExpressionRef Expressions::read(const Place& place) {
  Expression e;
  e.kind = Expression::Kind::place;
  e.place = place;
  return build(std::move(e));
}

ExpressionRef Expressions::unary(const std::string& op, ExpressionRef operand) {
  Expression e;
  e.kind = Expression::Kind::unary;
  e.text = op;
  e.operands = {std::move(operand)};
  return build(std::move(e));
}

ExpressionRef Expressions::binary(const std::string& op, ExpressionRef left, ExpressionRef right) {
  Expression e;
  e.kind = Expression::Kind::binary;
  e.text = op;
  e.operands = {std::move(left), std::move(right)};
  return build(std::move(e));
}

ExpressionRef Expressions::cast(const Type& type, ExpressionRef operand) {
  Expression e;
  e.kind = Expression::Kind::cast;
  e.type = type;
  e.operands = {std::move(operand)};
  return build(std::move(e));
}

ExpressionRef Expressions::number(Wide value) {
  Expression e;
  e.folded = Literal{value};
  e.text = spell(*e.folded);
  return build(std::move(e));
}

Type Expressions::random_integer_type() {
  static const std::vector<int> widths = {8, 16, 32, 64};
  const int width = random_.pick(widths);
  return integer_type(width, random_.one_in(2));
}

namespace {

struct Spelled {
  const char* text;
  std::int64_t value;
};

// One of each notation of specification 1.3.
constexpr Spelled notations[] = {
    {"0x1F", 31},          {"0Xff", 255},          {"0755", 493},      {"1_000", 1000},
    {"2e6", 2000000},      {"5E3", 5000},          {"10u", 10},        {"77ul", 77},
    {"3us", 3000},         {"2ms", 2000000},       {"1s", 1000000000}, {"2m", 120000000000},
    {"1h", 3600000000000}, {"1d", 86400000000000}, {"7ns", 7},         {"0x8000_0000", 2147483648},
};

}  // namespace

ExpressionRef Expressions::integer_literal() {
  if (random_.one_in(6)) {
    const auto& notation = notations[random_.below(static_cast<int>(std::size(notations)))];
    Expression e;
    e.folded = Literal{Wide{notation.value}};
    e.text = notation.text;
    return build(std::move(e));
  }
  static const std::vector<int> edges = {7, 8, 15, 16, 31, 32, 62, 63};
  Wide value = random_.below(20);
  if (random_.one_in(3)) value = random_.below(400);
  if (random_.one_in(4)) {
    value = (Wide{1} << random_.pick(edges)) + random_.between(-2, 1);
  }
  if (value > INT64_MAX) value = INT64_MAX;
  auto literal = number(value);
  return random_.one_in(4) ? unary("-", literal) : literal;
}

ExpressionRef Expressions::text_literal() {
  static const std::vector<std::string> words = {
      "a",    "b",   "ab",      "abc",
      "abd",  "x y", "Zebra",   "100%",
      "",     "zz",  "q\"",     "back\\",
      "t\tb", "é",   "abcdefg", "a fairly long text of more than 32 bytes"};
  Expression e;
  e.folded = Literal{random_.pick(words)};
  e.text = spell(*e.folded);
  if (random_.one_in(8)) {
    e.folded = Literal{std::string("aA!")};
    e.text = random_.one_in(2) ? "\"\\x61A\\41\"" : "\"a\\x41!\"";
  }
  return build(std::move(e));
}

// A read of a variable or a map of this shape, if there is one.
ExpressionRef Expressions::read_some(const Shape& shape) {
  std::vector<int> variables;
  for (const auto& variable : scope_.variables) {
    if (variable.shape == shape) variables.push_back(variable.index);
  }
  std::vector<const KnownMap*> maps;
  for (const auto& map : scope_.maps) {
    if (map.value == shape && !(map.keyed && in_key_)) maps.push_back(&map);
  }
  // Mostly variables: reads of maps cost helper calls.
  if (!variables.empty() && (maps.empty() || random_.below(3) > 0)) {
    return read(Place{random_.pick(variables), -1, nullptr});
  }
  if (maps.empty()) return nullptr;
  const auto& map = *random_.pick(maps);
  return read(Place{-1, map.index, map.keyed ? key(map.key, 1) : nullptr});
}

ExpressionRef Expressions::variable_integer() {
  auto e = read_some(Shape{});
  return e ? e : integer_literal();
}

bool Expressions::is_rigid(const Expression& e) const {
  switch (e.kind) {
    case Expression::Kind::unary:
    case Expression::Kind::binary: return !e.folded;
    case Expression::Kind::cast:
    case Expression::Kind::macro: return true;
    case Expression::Kind::index: return !e.folded;
    case Expression::Kind::call: return true;
    case Expression::Kind::place:
      for (const auto& variable : scope_.variables) {
        if (variable.index == e.place.variable) return variable.rigid;
      }
      for (const auto& map : scope_.maps) {
        if (map.index == e.place.map) return map.rigid;
      }
      return false;
    default: return false;
  }
}

ExpressionRef Expressions::rigid(ExpressionRef e) {
  if (!e || is_rigid(*e)) return e;
  return cast(random_integer_type(), e);
}

ExpressionRef Expressions::operand(int depth) {
  // Mixing bool into arithmetic counts it as 0 or 1.
  if (random_.one_in(25)) return boolean(depth - 1);
  return integer(depth - 1);
}

ExpressionRef Expressions::arithmetic(int depth) {
  static const std::vector<std::string> ops = {"+", "+", "-", "-", "*", "&", "|", "^"};
  auto left = integer(depth - 1);
  auto result = binary(random_.pick(ops), left, operand(depth));
  return result ? result : left;
}

ExpressionRef Expressions::shift(int depth) {
  auto left = integer(depth - 1);
  ExpressionRef count = number(random_.below(random_.one_in(3) ? 64 : 12));
  if (random_.one_in(2)) {
    count = binary("&", variable_integer(), number(random_.one_in(2) ? 63 : 7));
  }
  auto result = binary(random_.one_in(2) ? "<<" : ">>", left, count);
  return result ? result : left;
}

ExpressionRef Expressions::division(int depth) {
  auto left = integer(depth - 1);
  ExpressionRef right = number(random_.between(1, 40));
  if (random_.one_in(4)) right = unary("-", right);
  if (random_.one_in(2)) right = binary("|", variable_integer(), number(1));
  if (random_.one_in(20) && options_.has("zero-division")) {
    if (auto place = read_some(Shape{})) right = place;
  }
  auto result = binary(random_.one_in(2) ? "/" : "%", left, right);
  return result ? result : left;
}

ExpressionRef Expressions::condition(int depth) {
  if (random_.one_in(4)) return integer(depth);
  if (random_.one_in(12)) return text_literal();
  return boolean(depth);
}

ExpressionRef Expressions::choice(const Shape& shape, int depth) {
  if (shape.kind != Kind::integer && shape.kind != Kind::boolean &&
      !options_.has("aggregate-choices")) {
    return make(shape, depth - 1);
  }
  auto yes = make(shape, depth - 1);
  auto no = make(shape, depth - 1);
  auto when = condition(depth - 1);
  if (shape.kind == Kind::integer && !is_rigid(*yes) && !is_rigid(*no)) yes = rigid(yes);
  Expression e;
  e.kind = Expression::Kind::conditional;
  e.operands = {when, yes, no};
  if (shape.kind == Kind::integer && random_.one_in(5)) {
    e.kind = Expression::Kind::elvis;
    e.operands = {yes, no};
  } else if (whole() && random_.one_in(4) && options_.has("if-values")) {
    e.kind = Expression::Kind::choice;
  }
  auto result = build(std::move(e));
  return result ? result : yes;
}

ExpressionRef Expressions::plain_integer(int depth) {
  if (random_.one_in(4)) return integer_literal();
  if (depth > 0 && random_.one_in(4)) {
    if (auto part = part_of_some(Kind::integer)) return part;
  }
  return variable_integer();
}

ExpressionRef Expressions::integer(int depth) {
  if (depth <= 0) return plain_integer(depth);
  switch (random_.below(16)) {
    case 0:
    case 1:
    case 2:
    case 3: return arithmetic(depth);
    case 4: return shift(depth);
    case 5: return division(depth);
    case 6:
    case 7: return cast(random_integer_type(), integer(depth - 1));
    case 8: {
      auto inner = integer(depth - 1);
      const bool negates =
          random_.one_in(2) || (inner->folded && !options_.has("literal-complement"));
      auto result = unary(negates ? "-" : "~", inner);
      return result ? result : inner;
    }
    case 9: return choice(Shape{}, depth);
    case 10: return cast(random_integer_type(), boolean(depth - 1));
    case 11: return integer_call(depth);
    case 12:
      if (whole()) return macro_call(depth);
      return plain_integer(depth);
    case 13:
      if (whole() && random_.one_in(2)) return block_value(Shape{}, depth);
      return plain_integer(depth);
    default: return plain_integer(depth);
  }
}

ExpressionRef Expressions::comparison(int depth) {
  static const std::vector<std::string> ops = {"==", "!=", "<", "<=", ">", ">="};
  auto left = integer(depth - 1);
  auto right = random_.one_in(12) ? boolean(depth - 1) : integer(depth - 1);
  return binary(random_.pick(ops), left, right);
}

ExpressionRef Expressions::boolean(int depth) {
  Shape own{Kind::boolean, {}, {}};
  ExpressionRef result;
  switch (depth <= 0 ? random_.below(2) : random_.below(14)) {
    case 0: result = read_some(own); break;
    case 1: result = random_.one_in(3) ? nullptr : part_of_some(Kind::boolean); break;
    case 2:
    case 3:
    case 4: return comparison(depth);
    case 5: return unary("!", condition(depth - 1)->folded ? boolean(0) : integer(depth - 1));
    case 6:
    case 7: {
      auto left = random_.one_in(4) ? integer(depth - 1) : boolean(depth - 1);
      auto right = random_.one_in(4) ? integer(depth - 1) : boolean(depth - 1);
      return binary(random_.one_in(2) ? "&&" : "||", left, right);
    }
    case 8: {
      static const std::vector<std::string> ops = {"&", "|", "^", "==", "!="};
      const auto& op = random_.pick(ops);
      if (op.size() == 1 && !options_.has("bool-operators")) break;
      return binary(op, boolean(depth - 1), boolean(depth - 1));
    }
    case 9: return cast(boolean_type(), integer(depth - 1));
    case 10:
      result = binary(random_.one_in(2) ? "==" : "!=", text(depth - 1), text(depth - 1));
      break;
    case 11: return aggregate_comparison(depth);
    case 12: return choice(own, depth);
    case 13: {
      auto operand = text(depth - 1);
      if (operand->folded && !options_.has("literal-text-to-bool")) break;
      return cast(boolean_type(), operand);
    }
  }
  if (result) return result;
  Expression e;
  e.folded = Literal{random_.one_in(2)};
  e.text = spell(*e.folded);
  return build(std::move(e));
}

ExpressionRef Expressions::text(int depth) {
  Shape own{Kind::string, {}, {}};
  ExpressionRef result;
  switch (depth <= 0 ? random_.below(3) : random_.below(9)) {
    case 0:
    case 1: result = read_some(own); break;
    case 3: result = part_of_some(Kind::string); break;
    case 4: return choice(own, depth);
    case 5: result = binary("+", text_literal(), text_literal()); break;
    case 6: result = binary("+", text_literal(), number(random_.below(5))); break;
    case 7: {
      auto base = text(depth - 1);
      if (!base->folded && !options_.has("str")) break;
      Expression e;
      e.kind = Expression::Kind::call;
      e.text = "str";
      e.operands = {base, number(random_.between(1, 9))};
      return build(std::move(e));
    }
    case 8:
      if (whole()) return block_value(own, depth);
      break;
    default: break;
  }
  return result ? result : text_literal();
}

ExpressionRef Expressions::literal_only(int depth) {
  Scope nothing;
  Expressions literals(random_, options_, nothing, program_);
  for (int i = 0; i < 8; ++i) {
    auto e = random_.one_in(3) ? literals.boolean(depth) : literals.integer(depth);
    if (e->folded && (!e->folded->is_integer() || e->kind != Expression::Kind::literal)) return e;
  }
  return integer_literal();
}

ExpressionRef Expressions::make(const Shape& shape, int depth) {
  switch (shape.kind) {
    case Kind::integer: return integer(depth);
    case Kind::boolean: return boolean(depth);
    case Kind::string: return text(depth);
    case Kind::none:
    case Kind::tuple:
    case Kind::record:
    case Kind::array: break;
  }
  return aggregate(shape, depth);
}

ExpressionRef Expressions::key(const Shape& shape, int depth) {
  if (shape.kind == Kind::integer && random_.below(3) > 0) return number(random_.below(6));
  const bool outer = std::exchange(in_key_, true);
  auto result = make(shape, depth);
  in_key_ = outer;
  return result;
}

}  // namespace gimlet::random_tests
