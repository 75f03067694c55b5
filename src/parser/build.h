// The builders: one function for each thing that the grammar recognises, from ranges and finished
// children to a node. They number the nodes, read literals, and check what the grammar cannot:
// assignment targets, literal forms, and the depth of the tree.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ast/node.h"
#include "base/diagnostics.h"
#include "parser.h"

namespace gimlet::parser {

class TokenFilter;

class Builder {
 public:
  Builder(std::string_view text, base::Diagnostics& diagnostics)
      : text_(text), diagnostics_(diagnostics) {}

  // Between probes. A probe with a mistake leaves no trace in the program.
  void start_probe();
  void drop_probe();
  ast::Program take();

  // Only the first mistake of each probe is reported; the prefix "syntax: " is added here.
  void error(ast::SourceRange range, std::string_view message);
  void syntax_error(const TokenFilter& tokens, Grammar::symbol_kind_type found,
                    std::span<const Grammar::symbol_kind_type> expected);
  bool failed() const { return failed_; }

  // Probes.
  AttachPoints attach_point(AttachPoints list, ast::SourceRange range);
  void probe(ast::SourceRange range, AttachPoints attach_points, ExprPtr predicate,
             ast::Block body);

  // Statements.
  ast::Block block(ast::SourceRange range, Statements statements);
  StmtPtr expression_statement(ast::SourceRange range, ExprPtr expression);
  StmtPtr assignment(ast::SourceRange range, ExprPtr target, ast::SourceRange target_range,
                     std::optional<BinaryOp> op, ExprPtr value);
  StmtPtr let(ast::SourceRange range, ast::SourceRange name, std::optional<TypeSpec> type,
              ExprPtr value);
  StmtPtr if_statement(ast::SourceRange range, ExprPtr condition, ast::Block then,
                       std::optional<ast::Block> otherwise);
  ast::Block else_if(ast::SourceRange range, StmtPtr statement);
  StmtPtr return_statement(ast::SourceRange range, ExprPtr value);
  StmtPtr scope(ast::SourceRange range, ast::Block block);

  // Expressions.
  ExprPtr integer(ast::SourceRange range);
  ExprPtr string(ast::SourceRange range);
  ExprPtr variable(ast::SourceRange range);
  ExprPtr positional(ast::SourceRange range);
  ExprPtr parameter_count(ast::SourceRange range);
  ExprPtr identifier(ast::SourceRange range);
  ExprPtr map(ast::SourceRange range, ast::SourceRange name, Expressions keys);
  ExprPtr call(ast::SourceRange range, ast::SourceRange name, Expressions arguments);
  ExprPtr unary(ast::SourceRange range, UnaryOp op, ExprPtr operand);
  ExprPtr step(ast::SourceRange range, StepOp op, ExprPtr operand);
  ExprPtr binary(ast::SourceRange range, BinaryOp op, ast::SourceRange op_range, ExprPtr left,
                 ExprPtr right);
  ExprPtr ternary(ast::SourceRange range, ExprPtr condition, ExprPtr then, ExprPtr otherwise);
  ExprPtr field(ast::SourceRange range, ExprPtr base, ast::SourceRange name);
  ExprPtr tuple_access(ast::SourceRange range, ExprPtr base, ast::SourceRange index);
  ExprPtr index(ast::SourceRange range, ExprPtr base, ExprPtr index);
  ExprPtr cast(ast::SourceRange range, TypeSpec type, ExprPtr operand);
  ExprPtr tuple(ast::SourceRange range, Expressions elements);

  // Types.
  TypeSpec type(ast::SourceRange range, std::optional<ast::SourceRange> tag, ast::SourceRange name);
  TypeSpec pointer_type(ast::SourceRange range, TypeSpec pointee);
  TypeSpec array_type(ast::SourceRange range, TypeSpec element,
                      std::optional<ast::SourceRange> length);

  // Lists.
  Expressions append(Expressions list, ExprPtr last);
  Expressions prepend(ExprPtr first, Expressions list);
  Statements append(Statements list, StmtPtr last);

 private:
  std::string text(ast::SourceRange range) const;
  uint64_t number(ast::SourceRange range);
  std::optional<uint64_t> decimal(std::string_view digits) const;

  template <typename Node>
  ExprPtr make_expression(ast::SourceRange range, Node node, uint32_t depth_below);
  template <typename Node>
  StmtPtr make_statement(ast::SourceRange range, Node node, uint32_t depth_below);
  ast::NodeId new_id(ast::SourceRange range, uint32_t depth);
  uint32_t depth(const ExprPtr& expression) const;
  uint32_t depth(const Expressions& list) const;
  uint32_t depth(const ast::Block& block) const;

  std::string_view text_;
  base::Diagnostics& diagnostics_;
  ast::Program program_;
  std::vector<uint32_t> depths_;  // levels of the tree below and with a node, by id
  size_t ids_at_start_ = 0;
  size_t probes_at_start_ = 0;
  bool failed_ = false;
};

}  // namespace gimlet::parser
