#include "parser/build.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/integer.h"
#include "parser/expected.h"
#include "parser/string_literal.h"
#include "parser/token_filter.h"

namespace gimlet::parser {

using ast::SourceRange;

void Builder::start_item() {
  ids_at_start_ = depths_.size();
  probes_at_start_ = program_.probes.size();
  items_at_start_ = program_.items.size();
  failed_ = false;
}

void Builder::drop_item() {
  depths_.resize(ids_at_start_);
  program_.probes.resize(probes_at_start_);
  program_.items.resize(items_at_start_);
}

ast::Program Builder::take() {
  program_.node_count = first_id_ + static_cast<ast::NodeId>(depths_.size());
  return std::move(program_);
}

void Builder::error(SourceRange range, std::string_view message) {
  if (!failed_) diagnostics_.error(range, fmt::format("syntax: {}", message));
  failed_ = true;
}

void Builder::syntax_error(const TokenFilter& tokens, Grammar::symbol_kind_type found,
                           std::span<const Grammar::symbol_kind_type> expected) {
  std::string message = explain(found, tokens.item(), tokens.previous().kind, expected);
  SourceRange at = tokens.current().range;
  SourceRange before = tokens.previous().range;
  // On a later line, the place where the missing thing belongs says more than what came instead.
  std::string_view between = text_.substr(before.end, at.begin - before.end);
  bool is_missing = message.starts_with("expected") && before.end > before.begin;
  bool elsewhere = found == Grammar::symbol_kind::S_YYEOF || between.find('\n') != between.npos;
  error(is_missing && elsewhere ? SourceRange{at.file, before.end, before.end} : at, message);
}

// Statements.

ast::Block Builder::block(SourceRange range, Statements statements, ExprPtr value) {
  return {range, std::move(statements), std::move(value)};
}

StmtPtr Builder::block_statement(SourceRange range, ast::Block block) {
  return expression_statement(range, block_expression(range, std::move(block)));
}

// A block whose value nobody can use has statements only.
ast::Block Builder::without_value(ast::Block block) {
  if (!block.value) return block;
  SourceRange range = block.value->range;
  block.statements.push_back(expression_statement(range, std::move(block.value)));
  return block;
}

StmtPtr Builder::expression_statement(SourceRange range, ExprPtr expression) {
  if (auto* choice = std::get_if<ast::If>(&expression->node)) {
    choice->then = without_value(std::move(choice->then));
    if (choice->otherwise) choice->otherwise = without_value(std::move(*choice->otherwise));
  } else if (auto* scope = std::get_if<ast::BlockExpr>(&expression->node)) {
    scope->block = without_value(std::move(scope->block));
  }
  uint32_t below = depth(expression);
  return make_statement(range, ast::ExpressionStatement{std::move(expression)}, below);
}

StmtPtr Builder::assignment(SourceRange range, ExprPtr target, SourceRange target_range,
                            std::optional<BinaryOp> op, ExprPtr value) {
  uint32_t below = std::max(depth(target), depth(value));
  const auto* name = std::get_if<ast::Identifier>(&target->node);
  if (name && name->name == "_" && !op) {
    return make_statement(range, ast::Discard{std::move(value)}, below);
  }
  if (std::holds_alternative<ast::FieldAccess>(target->node) ||
      std::holds_alternative<ast::TupleAccess>(target->node)) {
    error(target_range, "Tuples and records are immutable once created");
  } else if (!std::holds_alternative<ast::Variable>(target->node) &&
             !std::holds_alternative<ast::MapAccess>(target->node)) {
    error(target_range, "invalid assignment target");
  }
  return make_statement(range, ast::Assignment{std::move(target), op, std::move(value)}, below);
}

StmtPtr Builder::let(SourceRange range, SourceRange name, std::optional<TypeSpec> type,
                     ExprPtr value) {
  uint32_t below = depth(value) + 1;
  return make_statement(range, ast::Let{variable(name), std::move(type), std::move(value)}, below);
}

StmtPtr Builder::return_statement(SourceRange range, ExprPtr value) {
  uint32_t below = depth(value);
  return make_statement(range, ast::Return{std::move(value)}, below);
}

StmtPtr Builder::jump(SourceRange range, ast::JumpKind kind) {
  return make_statement(range, ast::Jump{kind}, 0);
}

StmtPtr Builder::import_statement(SourceRange range, SourceRange path) {
  program_.block_imports.push_back({range, string_value(path), path});
  return make_statement(range, ast::ImportStatement{program_.block_imports.back().path}, 0);
}

StmtPtr Builder::while_loop(SourceRange range, ExprPtr condition, ast::Block body) {
  uint32_t below = std::max(depth(condition), depth(body));
  return make_statement(range, ast::While{std::move(condition), without_value(std::move(body))},
                        below);
}

StmtPtr Builder::unroll(SourceRange range, ExprPtr count, ast::Block body) {
  uint32_t below = std::max(depth(count), depth(body));
  return make_statement(range, ast::Unroll{std::move(count), without_value(std::move(body))},
                        below);
}

StmtPtr Builder::for_loop(SourceRange range, SourceRange name, Iterable over, ast::Block body) {
  uint32_t below = std::max({depth(over.map), depth(over.begin), depth(over.end), depth(body)});
  return make_statement(range,
                        ast::For{variable(name), std::move(over.map), std::move(over.begin),
                                 std::move(over.end), without_value(std::move(body))},
                        below);
}

Iterable Builder::over_map(SourceRange name) { return {map(name, name, {}), nullptr, nullptr}; }

// Leaves.

ExprPtr Builder::integer(SourceRange range) {
  return make_expression(range, ast::IntegerLiteral{number(range), text(range)}, 0);
}

ExprPtr Builder::string(SourceRange range) {
  return make_expression(range, ast::StringLiteral{string_value(range)}, 0);
}

ExprPtr Builder::variable(SourceRange range) {
  return make_expression(range, ast::Variable{text(range)}, 0);
}

ExprPtr Builder::positional(SourceRange range) {
  std::optional<uint64_t> index = decimal(text(range).substr(1));
  if (!index || *index == 0 || *index > INT64_MAX) {
    error(range,
          fmt::format("param {} is out of integer range [1, 9223372036854775807]", text(range)));
  }
  return make_expression(range, ast::PositionalParameter{index.value_or(0)}, 0);
}

ExprPtr Builder::parameter_count(SourceRange range) {
  return make_expression(range, ast::ParameterCount{}, 0);
}

ExprPtr Builder::identifier(SourceRange range) {
  std::string name = text(range);
  if (name == "true" || name == "false") {
    return make_expression(range, ast::BoolLiteral{name == "true"}, 0);
  }
  return make_expression(range, ast::Identifier{std::move(name)}, 0);
}

// Operators and the like.

ExprPtr Builder::map(SourceRange range, SourceRange name, Expressions keys) {
  uint32_t below = depth(keys);
  return make_expression(range, ast::MapAccess{text(name), name, std::move(keys)}, below);
}

ExprPtr Builder::call(SourceRange range, SourceRange name, Expressions arguments) {
  uint32_t below = depth(arguments);
  return make_expression(range, ast::Call{text(name), name, std::move(arguments)}, below);
}

ExprPtr Builder::unary(SourceRange range, UnaryOp op, ExprPtr operand) {
  uint32_t below = depth(operand);
  if (op == UnaryOp::AddressOf && !std::holds_alternative<ast::Variable>(operand->node) &&
      !std::holds_alternative<ast::MapAccess>(operand->node)) {
    error(range, "address-of operator (&) can only be used on a map or variable");
  }
  return make_expression(range, ast::Unary{op, std::move(operand)}, below);
}

ExprPtr Builder::step(SourceRange range, StepOp op, ExprPtr operand) {
  uint32_t below = depth(operand);
  return make_expression(range, ast::Step{op, std::move(operand)}, below);
}

ExprPtr Builder::binary(SourceRange range, BinaryOp op, SourceRange op_range, ExprPtr left,
                        ExprPtr right) {
  uint32_t below = std::max(depth(left), depth(right));
  return make_expression(range, ast::Binary{op, op_range, std::move(left), std::move(right)},
                         below);
}

ExprPtr Builder::ternary(SourceRange range, ExprPtr condition, ExprPtr then, ExprPtr otherwise) {
  uint32_t below = std::max({depth(condition), depth(then), depth(otherwise)});
  return make_expression(
      range, ast::Ternary{std::move(condition), std::move(then), std::move(otherwise)}, below);
}

ExprPtr Builder::field(SourceRange range, ExprPtr base, SourceRange name) {
  uint32_t below = depth(base);
  return make_expression(range, ast::FieldAccess{std::move(base), text(name), name}, below);
}

ExprPtr Builder::tuple_access(SourceRange range, ExprPtr base, SourceRange index) {
  uint32_t below = depth(base);
  std::optional<uint64_t> value = decimal(text(index));
  if (!value) error(index, fmt::format("invalid tuple index '{}'", text(index)));
  return make_expression(range, ast::TupleAccess{std::move(base), value.value_or(0), index}, below);
}

ExprPtr Builder::index(SourceRange range, ExprPtr base, ExprPtr index) {
  uint32_t below = std::max(depth(base), depth(index));
  return make_expression(range, ast::Index{std::move(base), std::move(index)}, below);
}

ExprPtr Builder::cast(SourceRange range, TypeSpec type, ExprPtr operand) {
  uint32_t below = std::max(depth(operand), depth(type));
  return make_expression(range, ast::Cast{std::move(type), std::move(operand)}, below);
}

ExprPtr Builder::tuple(SourceRange range, Expressions elements) {
  uint32_t below = depth(elements);
  return make_expression(range, ast::Tuple{std::move(elements)}, below);
}

ExprPtr Builder::record(SourceRange range, RecordFields fields) {
  uint32_t below = 0;
  for (const ast::Record::Field& field : fields) below = std::max(below, depth(field.value));
  return make_expression(range, ast::Record{std::move(fields)}, below);
}

RecordFields Builder::record_field(RecordFields list, SourceRange name, ExprPtr value) {
  std::string field = text(name);
  for (const ast::Record::Field& other : list) {
    if (other.name == field) {
      error(name, fmt::format("Named argument list already contains name: {}", field));
    }
  }
  list.push_back({std::move(field), name, std::move(value)});
  return list;
}

ExprPtr Builder::if_expression(SourceRange range, ExprPtr condition, ast::Block then,
                               std::optional<ast::Block> otherwise) {
  uint32_t below = std::max(depth(condition), depth(then));
  if (otherwise) below = std::max(below, depth(*otherwise));
  return make_expression(
      range, ast::If{std::move(condition), std::move(then), std::move(otherwise)}, below);
}

ast::Block Builder::else_if(SourceRange range, ExprPtr expression) {
  return {range, {}, std::move(expression)};
}

ExprPtr Builder::block_expression(SourceRange range, ast::Block block) {
  uint32_t below = depth(block);
  return make_expression(range, ast::BlockExpr{std::move(block)}, below);
}

ExprPtr Builder::comptime(SourceRange range, ExprPtr operand) {
  uint32_t below = depth(operand);
  return make_expression(range, ast::Comptime{std::move(operand)}, below);
}

ExprPtr Builder::size_of(SourceRange range, ast::TypeOrExpr operand) {
  uint32_t below = depth(operand);
  return make_expression(range, ast::SizeOf{std::move(operand)}, below);
}

ExprPtr Builder::type_info(SourceRange range, ast::TypeOrExpr operand) {
  uint32_t below = depth(operand);
  return make_expression(range, ast::TypeInfo{std::move(operand)}, below);
}

ExprPtr Builder::type_argument(SourceRange range, ast::TypeOrExpr operand) {
  uint32_t below = depth(operand);
  return make_expression(range, ast::TypeArgument{type_of(range, std::move(operand))}, below);
}

ExprPtr Builder::offset_of(SourceRange range, ast::TypeOrExpr operand, Names path,
                           SourceRange path_range) {
  uint32_t below = depth(operand);
  return make_expression(range, ast::OffsetOf{std::move(operand), std::move(path), path_range},
                         below);
}

// Types.

TypeSpec Builder::type(SourceRange range, std::optional<SourceRange> tag, SourceRange name) {
  TypeSpec spec;
  spec.range = range;
  spec.name = text(name);
  if (tag) {
    std::string word = text(*tag);
    spec.tag = word == "struct"  ? TypeSpec::Tag::Struct
               : word == "union" ? TypeSpec::Tag::Union
                                 : TypeSpec::Tag::Enum;
  }
  return spec;
}

TypeSpec Builder::type_of(SourceRange range, ast::TypeOrExpr operand) {
  TypeSpec spec;
  spec.range = range;
  spec.of = std::move(operand);
  return spec;
}

ast::TypeOrExpr Builder::type_operand(TypeSpec type) {
  return {std::make_unique<TypeSpec>(std::move(type)), nullptr};
}

TypeSpec Builder::pointer_type(SourceRange range, TypeSpec pointee) {
  pointee.range = range;
  pointee.suffixes.push_back({true, std::nullopt});
  return pointee;
}

TypeSpec Builder::array_type(SourceRange range, TypeSpec element,
                             std::optional<SourceRange> length) {
  element.range = range;
  element.suffixes.push_back({false, std::nullopt});
  if (length) element.suffixes.back().length = number(*length);
  return element;
}

// Lists.

Expressions Builder::append(Expressions list, ExprPtr last) {
  list.push_back(std::move(last));
  return list;
}

Expressions Builder::prepend(ExprPtr first, Expressions list) {
  list.insert(list.begin(), std::move(first));
  return list;
}

Statements Builder::append(Statements list, StmtPtr last) {
  list.push_back(std::move(last));
  return list;
}

Names Builder::append(Names list, SourceRange last) {
  list.push_back(text(last));
  return list;
}

MacroParameters Builder::append(MacroParameters list, ast::MacroParameter last) {
  list.push_back(std::move(last));
  return list;
}

// Parts.

std::string Builder::string_value(SourceRange range) {
  StringLiteral literal = read_string(text(range));
  if (literal.error) {
    error({range.file, range.begin + literal.error_begin, range.begin + literal.error_end},
          literal.error);
  }
  return std::move(literal.value);
}

std::string Builder::text(SourceRange range) const {
  return std::string(text_.substr(range.begin, range.end - range.begin));
}

uint64_t Builder::number(SourceRange range) {
  auto result = base::parse_integer(text(range), base::IntegerForms::Script);
  if (auto* message = std::get_if<std::string>(&result)) error(range, *message);
  auto* value = std::get_if<uint64_t>(&result);
  return value ? *value : 0;
}

std::optional<uint64_t> Builder::decimal(std::string_view digits) const {
  uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  auto [stopped, failure] = std::from_chars(digits.data(), end, value);
  if (failure != std::errc() || stopped != end) return std::nullopt;
  return value;
}

template <typename Node>
ExprPtr Builder::make_expression(SourceRange range, Node node, uint32_t depth_below) {
  ast::NodeId id = new_id(range, depth_below + 1);
  if (depth_below < kMaxLevels) {
    return std::make_unique<ast::Expr>(ast::Expr{id, range, std::move(node)});
  }
  // The grammar has read more than the builder has seen. What is too deep is let go at once, so
  // that the tree never grows too deep to be walked.
  depths_.back() = 1;
  return std::make_unique<ast::Expr>(ast::Expr{id, range, ast::Tuple{}});
}

template <typename Node>
StmtPtr Builder::make_statement(SourceRange range, Node node, uint32_t depth_below) {
  ast::NodeId id = new_id(range, depth_below + 1);
  return std::make_unique<ast::Stmt>(ast::Stmt{id, range, std::move(node)});
}

ast::NodeId Builder::new_id(SourceRange range, uint32_t depth) {
  if (depth > kMaxLevels) {
    error({range.file, range.end - 1, range.end},
          fmt::format("more than {} operators or branches in a row", kMaxLevels));
  }
  depths_.push_back(depth);
  return first_id_ + static_cast<ast::NodeId>(depths_.size() - 1);
}

uint32_t Builder::depth(const ExprPtr& expression) const {
  return expression ? depths_[expression->id - first_id_] : 0;
}

uint32_t Builder::depth(const Expressions& list) const {
  uint32_t deepest = 0;
  for (const ExprPtr& expression : list) deepest = std::max(deepest, depth(expression));
  return deepest;
}

uint32_t Builder::depth(const ast::Block& block) const {
  uint32_t deepest = 0;
  for (const StmtPtr& statement : block.statements) {
    deepest = std::max(deepest, depths_[statement->id - first_id_]);
  }
  return std::max(deepest, depth(block.value));
}

uint32_t Builder::depth(const ast::TypeOrExpr& operand) const {
  return operand.type ? depth(*operand.type) : depth(operand.expr);
}

uint32_t Builder::depth(const TypeSpec& type) const { return type.of ? depth(*type.of) : 0; }

}  // namespace gimlet::parser
