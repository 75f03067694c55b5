#include "parser/build.h"

#include <algorithm>

#include "base/integer.h"
#include "parser/attach_point.h"

namespace gimlet::parser {

using namespace ast;
using base::join;

namespace {

constexpr uint32_t kMaxDepth = 500;

uint64_t integer_value(const std::string& digits) {
  auto value = base::parse_integer(digits, base::IntegerForms::Script);
  auto* number = std::get_if<uint64_t>(&value);
  return number ? *number : 0;  // the scanner has refused what is no integer
}

}  // namespace

void Builder::error(Range range, const std::string& message) {
  if (!failed_) diagnostics_.error(range, "syntax: " + message);
  failed_ = true;
}

template <typename Node>
ExprPtr Builder::expr(Range range, Node node, uint32_t child_depth) {
  auto result = std::make_unique<Expr>();
  result->id = program_.node_count++;
  result->range = range;
  result->node = std::move(node);
  depths_.resize(program_.node_count);
  depths_[result->id] = child_depth + 1;
  if (child_depth > kMaxDepth) error(range, "nesting is too deep");
  return result;
}

template <typename Node>
StmtPtr Builder::stmt(Range range, Node node) {
  auto result = std::make_unique<Stmt>();
  result->id = program_.node_count++;
  result->range = range;
  result->node = std::move(node);
  return result;
}

// --- probes ---

void Builder::probe(Range range, std::vector<AttachPoint> points, ExprPtr predicate, Block body) {
  if (failed_) return;
  Probe result;
  result.id = program_.node_count++;
  result.range = range;
  result.attach_points = std::move(points);
  result.predicate = std::move(predicate);
  result.body = std::move(body);
  program_.probes.push_back(std::move(result));
}

std::vector<AttachPoint> Builder::attach_points(Range range, const std::string& text) {
  return add_attach_point({}, range, text);
}

std::vector<AttachPoint> Builder::add_attach_point(std::vector<AttachPoint> points, Range range,
                                                   const std::string& text) {
  points.push_back(split_attach_point(range, text));
  points.back().id = program_.node_count++;
  return points;
}

Block Builder::block(Range range, Stmts statements) { return {range, std::move(statements)}; }

// --- statements ---

bool Builder::check_target(const ExprPtr& target) {
  if (std::holds_alternative<Variable>(target->node) ||
      std::holds_alternative<MapAccess>(target->node)) {
    return true;
  }
  bool member = std::holds_alternative<TupleAccess>(target->node) ||
                std::holds_alternative<FieldAccess>(target->node);
  error(target->range, member ? "Tuples and records are immutable once created"
                              : "invalid assignment target");
  return false;
}

StmtPtr Builder::expression_statement(Range range, ExprPtr expression) {
  return stmt(range, ExpressionStatement{std::move(expression)});
}

StmtPtr Builder::assignment(Range target_range, Range value_range, ExprPtr target, ExprPtr value) {
  check_target(target);
  return stmt(join(target_range, value_range),
              Assignment{std::move(target), std::nullopt, std::move(value)});
}

StmtPtr Builder::compound(Range target_range, Range value_range, ExprPtr target, BinaryOp op,
                          ExprPtr value) {
  check_target(target);
  return stmt(join(target_range, value_range), Assignment{std::move(target), op, std::move(value)});
}

StmtPtr Builder::let(Range range, ExprPtr variable, std::optional<TypeSpec> type, ExprPtr value) {
  return stmt(range, Let{std::move(variable), std::move(type), std::move(value)});
}

StmtPtr Builder::discard(Range range, ExprPtr value) { return stmt(range, Discard{std::move(value)}); }

StmtPtr Builder::return_statement(Range range, ExprPtr value) {
  return stmt(range, Return{std::move(value)});
}

StmtPtr Builder::scope(Range range, Block block) { return stmt(range, Scope{std::move(block)}); }

StmtPtr Builder::if_statement(Range range, ExprPtr condition, Block then,
                              std::optional<Block> otherwise) {
  if (!otherwise) else_chain_ = 0;
  return stmt(range, If{std::move(condition), std::move(then), std::move(otherwise)});
}

std::optional<Block> Builder::else_if(Range range, StmtPtr statement) {
  if (++else_chain_ > kMaxDepth) error(range, "nesting is too deep");
  Block result{range, {}};
  result.statements.push_back(std::move(statement));
  return result;
}

Builder::Stmts Builder::append(Stmts list, StmtPtr statement) {
  list.push_back(std::move(statement));
  return list;
}

// --- expressions ---

ExprPtr Builder::binary(Range range, Range op_range, BinaryOp op, ExprPtr left, ExprPtr right) {
  uint32_t below = std::max(depth(left), depth(right));
  return expr(range, Binary{op, op_range, std::move(left), std::move(right)}, below);
}

ExprPtr Builder::ternary(Range range, ExprPtr condition, ExprPtr then, ExprPtr otherwise) {
  uint32_t below = std::max({depth(condition), depth(then), depth(otherwise)});
  return expr(range, Ternary{std::move(condition), std::move(then), std::move(otherwise)}, below);
}

ExprPtr Builder::unary(Range range, UnaryOp op, ExprPtr operand) {
  uint32_t below = depth(operand);
  return expr(range, Unary{op, std::move(operand)}, below);
}

ExprPtr Builder::step(Range range, StepOp op, ExprPtr operand) {
  bool target = std::holds_alternative<Variable>(operand->node) ||
                std::holds_alternative<MapAccess>(operand->node);
  if (!target) error(range, "increment/decrement requires a variable or map");
  uint32_t below = depth(operand);
  return expr(range, Step{op, std::move(operand)}, below);
}

ExprPtr Builder::cast(Range range, TypeSpec type, ExprPtr operand) {
  uint32_t below = depth(operand);
  return expr(range, Cast{std::move(type), std::move(operand)}, below);
}

ExprPtr Builder::field(Range range, ExprPtr base, Range field_range, std::string name) {
  uint32_t below = depth(base);
  return expr(range, FieldAccess{std::move(base), std::move(name), field_range}, below);
}

ExprPtr Builder::tuple_access(Range range, ExprPtr base, Range index_range,
                              const std::string& digits) {
  uint32_t below = depth(base);
  return expr(range, TupleAccess{std::move(base), integer_value(digits), index_range}, below);
}

ExprPtr Builder::index(Range range, ExprPtr base, ExprPtr index) {
  uint32_t below = std::max(depth(base), depth(index));
  return expr(range, Index{std::move(base), std::move(index)}, below);
}

ExprPtr Builder::integer(Range range, std::string digits) {
  uint64_t value = integer_value(digits);
  return expr(range, IntegerLiteral{value, std::move(digits)});
}

ExprPtr Builder::string(Range range, std::string value) {
  return expr(range, StringLiteral{std::move(value)});
}

ExprPtr Builder::boolean(Range range, const std::string& word) {
  return expr(range, BoolLiteral{word == "true"});
}

ExprPtr Builder::positional(Range range, const std::string& digits) {
  return expr(range, PositionalParameter{std::stoull(digits)});
}

ExprPtr Builder::parameter_count(Range range) { return expr(range, ParameterCount{}); }

ExprPtr Builder::identifier(Range range, std::string name) {
  return expr(range, Identifier{std::move(name)});
}

ExprPtr Builder::call(Range range, Range name_range, std::string name, Exprs arguments) {
  uint32_t below = 0;
  for (const ExprPtr& argument : arguments) below = std::max(below, depth(argument));
  return expr(range, Call{std::move(name), name_range, std::move(arguments)}, below);
}

ExprPtr Builder::variable(Range range, std::string name) {
  return expr(range, Variable{std::move(name)});
}

ExprPtr Builder::map(Range range, Range name_range, std::string name, Exprs keys) {
  uint32_t below = 0;
  for (const ExprPtr& key : keys) below = std::max(below, depth(key));
  return expr(range, MapAccess{std::move(name), name_range, std::move(keys)}, below);
}

ExprPtr Builder::tuple(Range range, Exprs elements) {
  uint32_t below = 0;
  for (const ExprPtr& element : elements) below = std::max(below, depth(element));
  return expr(range, Tuple{std::move(elements)}, below);
}

ExprPtr Builder::group(Range range, ExprPtr inner) {
  inner->range = range;
  return inner;
}

Builder::Exprs Builder::list(ExprPtr first) { return append(Exprs(), std::move(first)); }

Builder::Exprs Builder::append(Exprs list, ExprPtr last) {
  list.push_back(std::move(last));
  return list;
}

Builder::Exprs Builder::prepend(ExprPtr first, Exprs rest) {
  rest.insert(rest.begin(), std::move(first));
  return rest;
}

// --- types ---

TypeSpec Builder::type(Range range, const std::string& tag, std::string name,
                       std::vector<TypeSpec::Suffix> suffixes) {
  TypeSpec spec;
  spec.range = range;
  spec.tag = tag == "struct"  ? TypeSpec::Tag::Struct
             : tag == "union" ? TypeSpec::Tag::Union
             : tag == "enum"  ? TypeSpec::Tag::Enum
                              : TypeSpec::Tag::None;
  spec.name = std::move(name);
  spec.suffixes = std::move(suffixes);
  return spec;
}

std::vector<TypeSpec::Suffix> Builder::pointer_suffix(std::vector<TypeSpec::Suffix> list) {
  list.push_back({true, std::nullopt});
  return list;
}

std::vector<TypeSpec::Suffix> Builder::array_suffix(std::vector<TypeSpec::Suffix> list,
                                                    const std::optional<std::string>& digits) {
  std::optional<uint64_t> length;
  if (digits) length = integer_value(*digits);
  list.push_back({false, length});
  return list;
}

}  // namespace gimlet::parser
