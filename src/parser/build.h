// Builders of tree nodes: the actions of the grammar. Each gives its node the next id.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ast/node.h"
#include "base/diagnostics.h"

namespace gimlet::parser {

class Builder {
 public:
  using Range = base::SourceRange;
  using Exprs = std::vector<ast::ExprPtr>;
  using Stmts = std::vector<ast::StmtPtr>;

  Builder(ast::Program& program, base::Diagnostics& diagnostics)
      : program_(program), diagnostics_(diagnostics) {}

  void probe(Range range, std::vector<ast::AttachPoint> points, ast::ExprPtr predicate,
             ast::Block body);
  std::vector<ast::AttachPoint> attach_points(Range range, const std::string& text);
  std::vector<ast::AttachPoint> add_attach_point(std::vector<ast::AttachPoint> points, Range range,
                                                 const std::string& text);
  ast::Block block(Range range, Stmts statements);

  // statements
  ast::StmtPtr expression_statement(Range range, ast::ExprPtr expr);
  ast::StmtPtr assignment(Range target_range, Range value_range, ast::ExprPtr target,
                          ast::ExprPtr value);
  ast::StmtPtr compound(Range target_range, Range value_range, ast::ExprPtr target,
                        ast::BinaryOp op, ast::ExprPtr value);
  ast::StmtPtr let(Range range, ast::ExprPtr variable, std::optional<ast::TypeSpec> type,
                   ast::ExprPtr value);
  ast::StmtPtr discard(Range range, ast::ExprPtr value);
  ast::StmtPtr return_statement(Range range, ast::ExprPtr value);
  ast::StmtPtr scope(Range range, ast::Block block);
  ast::StmtPtr if_statement(Range range, ast::ExprPtr condition, ast::Block then,
                            std::optional<ast::Block> otherwise);
  std::optional<ast::Block> else_if(Range range, ast::StmtPtr statement);
  Stmts append(Stmts list, ast::StmtPtr statement);

  // expressions
  ast::ExprPtr binary(Range range, Range op_range, ast::BinaryOp op, ast::ExprPtr left,
                      ast::ExprPtr right);
  ast::ExprPtr ternary(Range range, ast::ExprPtr condition, ast::ExprPtr then,
                       ast::ExprPtr otherwise);
  ast::ExprPtr unary(Range range, ast::UnaryOp op, ast::ExprPtr operand);
  ast::ExprPtr step(Range range, ast::StepOp op, ast::ExprPtr operand);
  ast::ExprPtr cast(Range range, ast::TypeSpec type, ast::ExprPtr operand);
  ast::ExprPtr field(Range range, ast::ExprPtr base, Range field_range, std::string name);
  ast::ExprPtr tuple_access(Range range, ast::ExprPtr base, Range index_range,
                            const std::string& digits);
  ast::ExprPtr index(Range range, ast::ExprPtr base, ast::ExprPtr index);
  ast::ExprPtr integer(Range range, std::string digits);
  ast::ExprPtr string(Range range, std::string value);
  ast::ExprPtr boolean(Range range, const std::string& word);
  ast::ExprPtr positional(Range range, const std::string& digits);
  ast::ExprPtr parameter_count(Range range);
  ast::ExprPtr identifier(Range range, std::string name);
  ast::ExprPtr call(Range range, Range name_range, std::string name, Exprs arguments);
  ast::ExprPtr variable(Range range, std::string name);
  ast::ExprPtr map(Range range, Range name_range, std::string name, Exprs keys);
  ast::ExprPtr tuple(Range range, Exprs elements);
  // `(e)`: the expression itself, its range widened to the parentheses.
  ast::ExprPtr group(Range range, ast::ExprPtr expr);

  Exprs list(ast::ExprPtr expr);
  Exprs append(Exprs list, ast::ExprPtr expr);
  Exprs prepend(ast::ExprPtr first, Exprs rest);

  // types
  ast::TypeSpec type(Range range, const std::string& tag, std::string name,
                     std::vector<ast::TypeSpec::Suffix> suffixes);
  std::vector<ast::TypeSpec::Suffix> pointer_suffix(std::vector<ast::TypeSpec::Suffix> list);
  // Without digits: `[]`.
  std::vector<ast::TypeSpec::Suffix> array_suffix(std::vector<ast::TypeSpec::Suffix> list,
                                                  const std::optional<std::string>& digits);

  // Reports a syntax error unless this probe has one already.
  void error(Range range, const std::string& message);
  bool failed() const { return failed_; }

 private:
  template <typename Node>
  ast::ExprPtr expr(Range range, Node node, uint32_t child_depth = 0);
  template <typename Node>
  ast::StmtPtr stmt(Range range, Node node);
  uint32_t depth(const ast::ExprPtr& expr) const { return expr ? depths_[expr->id] : 0; }
  bool check_target(const ast::ExprPtr& target);

  ast::Program& program_;
  base::Diagnostics& diagnostics_;
  // Height of the tree under each node, so that visitors need not fear deep recursion.
  std::vector<uint32_t> depths_;
  uint32_t else_chain_ = 0;
  bool failed_ = false;
};

}  // namespace gimlet::parser
