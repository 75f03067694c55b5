#include "ast/clone.h"

namespace gimlet::ast {
namespace {

// As long as it lives, what is copied lies one level deeper.
class Level {
 public:
  explicit Level(uint32_t& depth) : depth_(depth) { depth_++; }
  ~Level() { depth_--; }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;

 private:
  uint32_t& depth_;
};

}  // namespace

ExprPtr Cloner::clone(const ExprPtr& expr) {
  if (!expr) return nullptr;
  Level level(depth_);
  if (ExprPtr other = replace(*expr)) return other;
  auto result = std::make_unique<Expr>();
  result->id = new_id();
  result->range = place(expr->range);
  std::visit([&](const auto& node) { result->node = copy_node(node); }, expr->node);
  return result;
}

StmtPtr Cloner::clone(const StmtPtr& stmt) {
  Level level(depth_);
  auto result = std::make_unique<Stmt>();
  result->id = new_id();
  result->range = place(stmt->range);
  std::visit([&](const auto& node) { result->node = copy_node(node); }, stmt->node);
  return result;
}

Block Cloner::clone(const Block& block) {
  Block result;
  result.range = place(block.range);
  for (const StmtPtr& statement : block.statements) result.statements.push_back(clone(statement));
  result.value = clone(block.value);
  return result;
}

TypeOrExpr Cloner::clone(const TypeOrExpr& of) {
  if (auto other = replace(of)) return std::move(*other);
  if (of.expr) return {nullptr, clone(of.expr)};
  return {std::make_unique<TypeSpec>(clone(*of.type)), nullptr};
}

TypeSpec Cloner::clone(const TypeSpec& spec) {
  if (auto other = replace(spec)) return std::move(*other);
  TypeSpec result;
  result.range = place(spec.range);
  result.tag = spec.tag;
  result.name = spec.name;
  if (spec.of) result.of = clone(*spec.of);
  result.suffixes = spec.suffixes;
  return result;
}

std::vector<ExprPtr> Cloner::clone(const std::vector<ExprPtr>& list) {
  std::vector<ExprPtr> result;
  for (const ExprPtr& expr : list) result.push_back(clone(expr));
  return result;
}

MapAccess Cloner::copy_node(const MapAccess& n) {
  return {map_name(n.name), place(n.name_range), clone(n.keys)};
}

Call Cloner::copy_node(const Call& n) { return {n.name, place(n.name_range), clone(n.arguments)}; }

Binary Cloner::copy_node(const Binary& n) {
  ExprPtr left = clone(n.left);
  return {n.op, place(n.op_range), std::move(left), clone(n.right)};
}

Ternary Cloner::copy_node(const Ternary& n) {
  ExprPtr condition = clone(n.condition);
  ExprPtr then = clone(n.then);
  return {std::move(condition), std::move(then), clone(n.otherwise)};
}

FieldAccess Cloner::copy_node(const FieldAccess& n) {
  return {clone(n.base), n.field, place(n.field_range)};
}

TupleAccess Cloner::copy_node(const TupleAccess& n) {
  return {clone(n.base), n.index, place(n.index_range)};
}

Record Cloner::copy_node(const Record& n) {
  Record result;
  for (const Record::Field& field : n.fields) {
    result.fields.push_back({field.name, place(field.name_range), clone(field.value)});
  }
  return result;
}

If Cloner::copy_node(const If& n) {
  If result;
  result.condition = clone(n.condition);
  result.then = clone(n.then);
  if (n.otherwise) result.otherwise = clone(*n.otherwise);
  return result;
}

OffsetOf Cloner::copy_node(const OffsetOf& n) {
  return {clone(n.operand), path(n.path), place(n.path_range)};
}

Let Cloner::copy_node(const Let& n) {
  Let result;
  result.variable = clone(n.variable);
  if (n.type) result.type = clone(*n.type);
  result.value = clone(n.value);
  return result;
}

For Cloner::copy_node(const For& n) {
  For result;
  result.variable = clone(n.variable);
  result.map = clone(n.map);
  result.begin = clone(n.begin);
  result.end = clone(n.end);
  result.body = clone(n.body);
  return result;
}

}  // namespace gimlet::ast
