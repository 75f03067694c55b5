// The builders: one function for each thing that the grammar recognises, from ranges and finished
// children to a node (build_items.cpp has the items of the top level). They number the nodes, read
// literals, and check what the grammar cannot: assignment targets, literal forms, and the depth of
// the tree.
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
  Builder(std::string_view text, base::Diagnostics& diagnostics, ast::NodeId first_id)
      : text_(text), diagnostics_(diagnostics), first_id_(first_id) {}

  // Between items. A probe with a mistake leaves no trace in the program.
  void start_item();
  void drop_item();
  ast::Program take();
  ExprPtr take_expression() { return std::move(expression_); }

  // Only the first mistake of each item is reported; the prefix "syntax: " is added here.
  void error(ast::SourceRange range, std::string_view message);
  void syntax_error(const TokenFilter& tokens, Grammar::symbol_kind_type found,
                    std::span<const Grammar::symbol_kind_type> expected);
  bool failed() const { return failed_; }

  // Items (build_items.cpp).
  AttachPoints attach_point(AttachPoints list, ast::SourceRange range);
  void probe(ast::SourceRange range, AttachPoints attach_points, ExprPtr predicate,
             ast::Block body);
  void macro(ast::SourceRange range, ast::SourceRange name, MacroParameters parameters,
             ast::Block body);
  ast::MacroParameter macro_parameter(ast::MacroParameter::Kind kind, ast::SourceRange name);
  void function(ast::SourceRange range, ast::SourceRange name, FunctionParameters parameters,
                TypeSpec result, ast::Block body);
  FunctionParameters function_parameter(FunctionParameters list, ast::SourceRange name,
                                        TypeSpec type);
  void map_declaration(ast::SourceRange range, ast::SourceRange name, ast::SourceRange type,
                       ast::SourceRange entries);
  void config(ast::SourceRange range);
  void config_entry(ast::SourceRange key, ast::SourceRange value);
  void import(ast::SourceRange range, ast::SourceRange path);
  void c_text(ast::SourceRange range);
  void expression_alone(ExprPtr expression) { expression_ = std::move(expression); }

  // Statements.
  ast::Block block(ast::SourceRange range, Statements statements, ExprPtr value);
  StmtPtr expression_statement(ast::SourceRange range, ExprPtr expression);
  StmtPtr block_statement(ast::SourceRange range, ast::Block block);
  StmtPtr assignment(ast::SourceRange range, ExprPtr target, ast::SourceRange target_range,
                     std::optional<BinaryOp> op, ExprPtr value);
  StmtPtr let(ast::SourceRange range, ast::SourceRange name, std::optional<TypeSpec> type,
              ExprPtr value);
  StmtPtr return_statement(ast::SourceRange range, ExprPtr value);
  StmtPtr jump(ast::SourceRange range, ast::JumpKind kind);
  StmtPtr import_statement(ast::SourceRange range, ast::SourceRange path);
  StmtPtr while_loop(ast::SourceRange range, ExprPtr condition, ast::Block body);
  StmtPtr unroll(ast::SourceRange range, ExprPtr count, ast::Block body);
  StmtPtr for_loop(ast::SourceRange range, ast::SourceRange name, Iterable over, ast::Block body);
  Iterable over_map(ast::SourceRange name);

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
  ExprPtr record(ast::SourceRange range, RecordFields fields);
  RecordFields record_field(RecordFields list, ast::SourceRange name, ExprPtr value);
  ExprPtr if_expression(ast::SourceRange range, ExprPtr condition, ast::Block then,
                        std::optional<ast::Block> otherwise);
  ast::Block else_if(ast::SourceRange range, ExprPtr expression);
  ExprPtr block_expression(ast::SourceRange range, ast::Block block);
  ExprPtr comptime(ast::SourceRange range, ExprPtr operand);
  ExprPtr size_of(ast::SourceRange range, ast::TypeOrExpr operand);
  ExprPtr type_info(ast::SourceRange range, ast::TypeOrExpr operand);
  ExprPtr type_argument(ast::SourceRange range, ast::TypeOrExpr operand);
  ExprPtr offset_of(ast::SourceRange range, ast::TypeOrExpr operand, Names path,
                    ast::SourceRange path_range);

  // Types.
  TypeSpec type(ast::SourceRange range, std::optional<ast::SourceRange> tag, ast::SourceRange name);
  TypeSpec pointer_type(ast::SourceRange range, TypeSpec pointee);
  TypeSpec array_type(ast::SourceRange range, TypeSpec element,
                      std::optional<ast::SourceRange> length);
  TypeSpec type_of(ast::SourceRange range, ast::TypeOrExpr operand);
  ast::TypeOrExpr type_operand(TypeSpec type);

  // Lists.
  Expressions append(Expressions list, ExprPtr last);
  Expressions prepend(ExprPtr first, Expressions list);
  Statements append(Statements list, StmtPtr last);
  Names append(Names list, ast::SourceRange last);
  MacroParameters append(MacroParameters list, ast::MacroParameter last);

 private:
  std::string text(ast::SourceRange range) const;
  ast::Block without_value(ast::Block block);
  std::string string_value(ast::SourceRange range);
  uint64_t number(ast::SourceRange range);
  void add_item(ast::Item::Kind kind, ast::SourceRange range, size_t index);
  std::optional<uint64_t> decimal(std::string_view digits) const;

  template <typename Node>
  ExprPtr make_expression(ast::SourceRange range, Node node, uint32_t depth_below);
  template <typename Node>
  StmtPtr make_statement(ast::SourceRange range, Node node, uint32_t depth_below);
  ast::NodeId new_id(ast::SourceRange range, uint32_t depth);
  uint32_t depth(const ExprPtr& expression) const;
  uint32_t depth(const Expressions& list) const;
  uint32_t depth(const ast::Block& block) const;
  uint32_t depth(const ast::TypeOrExpr& operand) const;
  uint32_t depth(const TypeSpec& type) const;

  std::string_view text_;
  base::Diagnostics& diagnostics_;
  ast::NodeId first_id_;
  ast::Program program_;
  ExprPtr expression_;
  std::vector<uint32_t> depths_;  // levels of the tree below and with a node, by id
  size_t ids_at_start_ = 0;
  size_t probes_at_start_ = 0;
  size_t items_at_start_ = 0;
  // The latest of the sections 2 to 4 of a program (language §2.1) that an item was seen of.
  int section_ = 2;
  bool failed_ = false;
};

}  // namespace gimlet::parser
