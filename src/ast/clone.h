// Deep copies of trees. A Cloner is told what to put in place of some nodes; everything else is
// copied, with new ids.
#pragma once

#include "ast/node.h"

namespace gimlet::ast {

class Cloner {
 public:
  explicit Cloner(NodeId& next_id) : next_id_(next_id) {}
  virtual ~Cloner() = default;

  ExprPtr clone(const ExprPtr& expr);
  StmtPtr clone(const StmtPtr& stmt);
  Block clone(const Block& block);
  TypeOrExpr clone(const TypeOrExpr& of);
  TypeSpec clone(const TypeSpec& spec);
  std::vector<ExprPtr> clone(const std::vector<ExprPtr>& list);

 protected:
  // What stands for this expression; null: a copy of it.
  virtual ExprPtr replace(const Expr&) { return nullptr; }
  // What stands for this type; nothing: a copy of it.
  virtual std::optional<TypeSpec> replace(const TypeSpec&) { return std::nullopt; }
  // sizeof and its kin may be handed an expression for a name that was read as a type.
  virtual std::optional<TypeOrExpr> replace(const TypeOrExpr&) { return std::nullopt; }
  // The place of a copied node, and the copies of leaves that carry names.
  virtual SourceRange place(SourceRange range) { return range; }
  virtual Variable copy(const Variable& variable) { return variable; }
  virtual std::string map_name(const std::string& name) { return name; }
  virtual std::vector<std::string> path(const std::vector<std::string>& fields) { return fields; }

  NodeId new_id() { return next_id_++; }
  // How many nodes there are around the one that is copied, and how many have been made.
  uint32_t depth() const { return depth_; }
  NodeId made() const { return next_id_ - first_id_; }

 private:
  IntegerLiteral copy_node(const IntegerLiteral& n) { return n; }
  StringLiteral copy_node(const StringLiteral& n) { return n; }
  BoolLiteral copy_node(const BoolLiteral& n) { return n; }
  PositionalParameter copy_node(const PositionalParameter& n) { return n; }
  ParameterCount copy_node(const ParameterCount& n) { return n; }
  Identifier copy_node(const Identifier& n) { return n; }
  Variable copy_node(const Variable& n) { return copy(n); }
  MapAccess copy_node(const MapAccess& n);
  Call copy_node(const Call& n);
  Unary copy_node(const Unary& n) { return {n.op, clone(n.operand)}; }
  Step copy_node(const Step& n) { return {n.op, clone(n.operand)}; }
  Binary copy_node(const Binary& n);
  Ternary copy_node(const Ternary& n);
  FieldAccess copy_node(const FieldAccess& n);
  TupleAccess copy_node(const TupleAccess& n);
  Index copy_node(const Index& n) { return {clone(n.base), clone(n.index)}; }
  Cast copy_node(const Cast& n) { return {clone(n.type), clone(n.operand)}; }
  Tuple copy_node(const Tuple& n) { return {clone(n.elements)}; }
  Record copy_node(const Record& n);
  If copy_node(const If& n);
  BlockExpr copy_node(const BlockExpr& n) { return {clone(n.block)}; }
  SizeOf copy_node(const SizeOf& n) { return {clone(n.operand)}; }
  OffsetOf copy_node(const OffsetOf& n);
  TypeInfo copy_node(const TypeInfo& n) { return {clone(n.operand)}; }
  TypeArgument copy_node(const TypeArgument& n) { return {clone(n.type)}; }
  Comptime copy_node(const Comptime& n) { return {clone(n.operand)}; }

  ExpressionStatement copy_node(const ExpressionStatement& n) { return {clone(n.expression)}; }
  Assignment copy_node(const Assignment& n) { return {clone(n.target), n.op, clone(n.value)}; }
  Let copy_node(const Let& n);
  While copy_node(const While& n) { return {clone(n.condition), clone(n.body)}; }
  Unroll copy_node(const Unroll& n) { return {clone(n.count), clone(n.body)}; }
  For copy_node(const For& n);
  Jump copy_node(const Jump& n) { return n; }
  Return copy_node(const Return& n) { return {clone(n.value)}; }
  Discard copy_node(const Discard& n) { return {clone(n.value)}; }
  ImportStatement copy_node(const ImportStatement& n) { return n; }

  NodeId& next_id_;
  const NodeId first_id_ = next_id_;
  uint32_t depth_ = 0;
};

}  // namespace gimlet::ast
