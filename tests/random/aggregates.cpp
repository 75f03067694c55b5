// Tuples, records, arrays, calls, macros and blocks as values.
#include "expressions.h"

namespace gimlet::random_tests {

// The elements get a definite sign: how long a tuple's element stays flexible is not specified.
ExpressionRef Expressions::aggregate(const Shape& shape, int depth) {
  if (random_.one_in(3)) {
    if (auto present = read_some(shape)) return present;
  }
  if (depth > 1 && random_.one_in(5) && options_.has("aggregate-choices"))
    return choice(shape, depth);
  Expression e;
  e.kind = shape.kind == Kind::record ? Expression::Kind::record : Expression::Kind::tuple;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < shape.parts.size(); ++i) order.push_back(i);
  if (shape.kind == Kind::record && random_.one_in(3)) std::swap(order.front(), order.back());
  for (auto i : order) {
    auto part = make(Shape{shape.parts[i], {}, {}}, depth - 1);
    e.operands.push_back(shape.parts[i] == Kind::integer ? rigid(part) : part);
    if (shape.kind == Kind::record) e.type.fields.push_back(shape.fields[i]);
  }
  return build(std::move(e));
}

// An element of a tuple or record variable, or a character of a text.
ExpressionRef Expressions::part_of_some(Kind kind) {
  std::vector<ExpressionRef> found;
  for (const auto& variable : scope_.variables) {
    auto base = read(Place{variable.index, -1, nullptr});
    const auto& shape = variable.shape;
    if (shape.kind == Kind::string && kind == Kind::integer && options_.has("text-index")) {
      Expression e;
      e.kind = Expression::Kind::index;
      e.number = random_.below(3);
      e.operands = {base};
      found.push_back(build(std::move(e)));
    }
    for (std::size_t i = 0; i < shape.parts.size(); ++i) {
      if (shape.parts[i] != kind) continue;
      if (kind == Kind::string && !options_.has("text-parts")) continue;
      Expression e;
      e.kind = shape.kind == Kind::record ? Expression::Kind::field : Expression::Kind::element;
      e.number = static_cast<int>(i);
      if (shape.kind == Kind::record) e.text = shape.fields[i];
      e.operands = {base};
      auto part = build(std::move(e));
      found.push_back(kind == Kind::integer ? cast(random_integer_type(), part) : part);
      if (kind == Kind::integer && variable.rigid) found.back() = part;
    }
  }
  if (found.empty()) return nullptr;
  return random_.pick(found);
}

ExpressionRef Expressions::aggregate_comparison(int depth) {
  const std::vector<Shape> shapes = {{Kind::tuple, {Kind::integer, Kind::string}, {}},
                                     {Kind::tuple, {Kind::integer, Kind::integer}, {}},
                                     {Kind::record, {Kind::integer, Kind::boolean}, {"a", "b"}}};
  const auto& shape = shapes[static_cast<std::size_t>(random_.below(whole() ? 3 : 2))];
  if (!options_.has("tuple-comparison")) return comparison(depth);
  auto left = aggregate(shape, depth - 1);
  auto right = random_.one_in(3) ? left : aggregate(shape, depth - 1);
  return binary(random_.one_in(2) ? "==" : "!=", left, right);
}

ExpressionRef Expressions::integer_call(int depth) {
  Expression e;
  e.kind = Expression::Kind::call;
  if (whole() && options_.has("text-calls") && random_.one_in(2)) {
    static const std::vector<std::string> names = {"strlen", "strstr", "strncmp"};
    e.text = random_.pick(names);
    e.operands = {text(1)};
    if (e.text != "strlen") e.operands.push_back(text(1));
    if (e.text == "strncmp") e.operands.push_back(number(random_.below(6)));
    return build(std::move(e));
  }
  if (whole() && random_.one_in(3)) return size(depth);
  if (whole() && random_.one_in(2)) return array_value(depth);
  for (const auto& map : scope_.maps) {
    if (!map.keyed || in_key_ || !random_.one_in(2)) continue;
    e.place.map = map.index;
    e.text = "len";
    if (random_.one_in(2)) return build(std::move(e));
    e.text = "has_key";
    e.place.key = key(map.key, 1);
    return cast(random_integer_type(), build(std::move(e)));
  }
  return plain_integer(depth);
}

// sizeof of a type or of an expression, which shows the type that inference found.
ExpressionRef Expressions::size(int depth) {
  Expression e;
  e.kind = Expression::Kind::size;
  e.type = random_integer_type();
  if (random_.below(4) > 0) {
    static const std::vector<Shape> shapes = {
        {Kind::integer, {}, {}},
        {Kind::string, {}, {}},
        {Kind::tuple, {Kind::integer, Kind::string, Kind::integer}, {}}};
    const auto& shape = random_.pick(shapes);
    auto operand = make(shape, depth - 1);
    e.operands = {shape.kind == Kind::integer ? rigid(operand) : operand};
  }
  return cast(integer_type(64, true), build(std::move(e)));
}

// An element of an integer cast to an array of the same size.
ExpressionRef Expressions::array_value(int depth) {
  static const std::vector<int> widths = {8, 16, 32};
  const int whole_width = random_.one_in(2) ? 64 : 32;
  int width = random_.pick(widths);
  if (width == whole_width) width = 16;
  const auto element = integer_type(width, random_.one_in(2));
  const int count = whole_width / width;
  auto base = cast(integer_type(whole_width, random_.one_in(2)), integer(depth - 1));
  Expression e;
  e.kind = Expression::Kind::index;
  e.number = random_.below(count);
  e.operands = {cast(array_type(element, static_cast<std::size_t>(count)), base)};
  return build(std::move(e));
}

ExpressionRef Expressions::macro_call(int depth) {
  if (scope_.macros.empty() || !options_.has("macros")) return plain_integer(depth);
  const auto& macro = random_.pick(scope_.macros);
  const std::vector<ExpressionRef> arguments = {integer(depth - 1), integer(depth - 1)};
  auto expansion = substitute(macro.body, arguments);
  if (!expansion) return arguments[0];
  Expression e;
  e.kind = Expression::Kind::macro;
  e.text = macro.name;
  e.operands = {expansion, arguments[0], arguments[1]};
  return build(std::move(e));
}

// `{ $b = ...; value of $b }`
ExpressionRef Expressions::block_value(const Shape& shape, int depth) {
  if (!options_.has("block-values")) return make(shape, depth - 1);
  program_.variables.push_back({"b" + std::to_string(program_.variables.size()), {}});
  const Place place{static_cast<int>(program_.variables.size()) - 1, -1, nullptr};
  Statement assign;
  assign.kind = Statement::Kind::assign;
  assign.target = place;
  auto value = make(shape, depth - 1);
  assign.operands = {shape.kind == Kind::integer ? rigid(value) : value};
  Expression e;
  e.kind = Expression::Kind::block;
  e.body = {std::make_shared<const Statement>(std::move(assign))};
  auto result = read(place);
  if (shape.kind == Kind::integer) result = binary("+", result, number(random_.below(9)));
  e.operands = {result};
  return build(std::move(e));
}

ExpressionRef Expressions::step_value() {
  std::vector<Place> places;
  for (const auto& variable : scope_.variables) {
    if (variable.may_step) places.push_back(Place{variable.index, -1, nullptr});
  }
  for (const auto& map : scope_.maps) {
    if (map.value == Shape{}) {
      places.push_back(Place{-1, map.index, map.keyed ? key(map.key, 0) : nullptr});
    }
  }
  if (places.empty()) return nullptr;
  Expression e;
  e.kind = Expression::Kind::step;
  e.text = random_.one_in(2) ? "++" : "--";
  e.number = random_.below(2);
  e.place = random_.pick(places);
  return build(std::move(e));
}

ExpressionRef parameter(const std::string& name) {
  Expression e;
  e.text = name;
  return std::make_shared<const Expression>(std::move(e));
}

ExpressionRef substitute(const ExpressionRef& body, const std::vector<ExpressionRef>& arguments) {
  if (body->kind == Expression::Kind::literal) {
    if (body->text == "x") return arguments[0];
    if (body->text == "y") return arguments[1];
    return body;
  }
  Expression copy = *body;
  copy.folded.reset();
  for (auto& operand : copy.operands) operand = substitute(operand, arguments);
  return build(std::move(copy));
}

}  // namespace gimlet::random_tests
