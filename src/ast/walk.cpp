#include "ast/walk.h"

namespace gimlet::ast {
namespace {

class Walker {
 public:
  Walker(const std::function<void(const Expr&)>& visit,
         const std::function<void(const Stmt&)>& statement)
      : visit_(visit), statement_(statement) {}

  void expression(const ExprPtr& expr) {
    if (expr) expression(*expr);
  }
  void expression(const Expr& expr) {
    std::visit([&](const auto& node) { children(node); }, expr.node);
    if (visit_) visit_(expr);
  }
  void block(const Block& block) {
    for (const StmtPtr& statement : block.statements) {
      std::visit([&](const auto& node) { children(node); }, statement->node);
      if (statement_) statement_(*statement);
    }
    expression(block.value);
  }

 private:
  void children(const IntegerLiteral&) {}
  void children(const StringLiteral&) {}
  void children(const BoolLiteral&) {}
  void children(const PositionalParameter&) {}
  void children(const ParameterCount&) {}
  void children(const Identifier&) {}
  void children(const Variable&) {}
  void children(const MapAccess& n) { all(n.keys); }
  void children(const Call& n) { all(n.arguments); }
  void children(const Unary& n) { expression(n.operand); }
  void children(const Step& n) { expression(n.operand); }
  void children(const Binary& n) {
    expression(n.left);
    expression(n.right);
  }
  void children(const Ternary& n) {
    expression(n.condition);
    expression(n.then);
    expression(n.otherwise);
  }
  void children(const FieldAccess& n) { expression(n.base); }
  void children(const TupleAccess& n) { expression(n.base); }
  void children(const Index& n) {
    expression(n.base);
    expression(n.index);
  }
  void children(const Cast& n) {
    type(n.type);
    expression(n.operand);
  }
  void children(const Tuple& n) { all(n.elements); }
  void children(const Record& n) {
    for (const Record::Field& field : n.fields) expression(field.value);
  }
  void children(const If& n) {
    expression(n.condition);
    block(n.then);
    if (n.otherwise) block(*n.otherwise);
  }
  void children(const BlockExpr& n) { block(n.block); }
  void children(const SizeOf& n) { operand(n.operand); }
  void children(const OffsetOf& n) { operand(n.operand); }
  void children(const TypeInfo& n) { operand(n.operand); }
  void children(const TypeArgument& n) { type(n.type); }
  void children(const Comptime& n) { expression(n.operand); }

  void children(const ExpressionStatement& n) { expression(n.expression); }
  void children(const Assignment& n) {
    expression(n.target);
    expression(n.value);
  }
  void children(const Let& n) {
    expression(n.variable);
    if (n.type) type(*n.type);
    expression(n.value);
  }
  void children(const While& n) {
    expression(n.condition);
    block(n.body);
  }
  void children(const Unroll& n) {
    expression(n.count);
    block(n.body);
  }
  void children(const For& n) {
    expression(n.variable);
    expression(n.map);
    expression(n.begin);
    expression(n.end);
    block(n.body);
  }
  void children(const Jump&) {}
  void children(const Return& n) { expression(n.value); }
  void children(const Discard& n) { expression(n.value); }
  void children(const ImportStatement&) {}

  void type(const TypeSpec& spec) {
    if (spec.of) operand(*spec.of);
  }
  void operand(const TypeOrExpr& of) {
    if (of.type) type(*of.type);
    expression(of.expr);
  }

  void all(const std::vector<ExprPtr>& list) {
    for (const ExprPtr& expr : list) expression(expr);
  }

  const std::function<void(const Expr&)>& visit_;
  const std::function<void(const Stmt&)>& statement_;
};

const std::function<void(const Stmt&)> kNoStatements;

}  // namespace

void for_each_expression(const Block& block, const std::function<void(const Expr&)>& visit) {
  Walker(visit, kNoStatements).block(block);
}

void for_each_expression(const Expr& expr, const std::function<void(const Expr&)>& visit) {
  Walker(visit, kNoStatements).expression(expr);
}

void for_each_expression(const Probe& probe, const std::function<void(const Expr&)>& visit) {
  Walker walker(visit, kNoStatements);
  walker.expression(probe.predicate);
  walker.block(probe.body);
}

void for_each_statement(const Block& block, const std::function<void(const Stmt&)>& visit) {
  const std::function<void(const Expr&)> no_expressions;
  Walker(no_expressions, visit).block(block);
}

void for_each_statement(const Probe& probe, const std::function<void(const Stmt&)>& visit) {
  const std::function<void(const Expr&)> no_expressions;
  Walker walker(no_expressions, visit);
  walker.expression(probe.predicate);
  walker.block(probe.body);
}

bool mentions(const Probe& probe, std::string_view name) {
  bool found = false;
  for_each_expression(probe, [&](const Expr& expr) {
    auto* identifier = std::get_if<Identifier>(&expr.node);
    auto* call = std::get_if<Call>(&expr.node);
    found = found || (identifier && identifier->name == name) || (call && call->name == name);
  });
  return found;
}

}  // namespace gimlet::ast
