// Structs and arrays in variables (language §7.3): a variable holds the address of what it was
// given. A copy, such as what comes out of a map, first moves to memory that lasts as long as the
// variable.
//
// The type of a copy of user memory still says "user", because that is where its pointers lead; but
// it lies in kernel memory. A variable that may hold such a copy is read by the helper that tells
// from the address.
#include "ast/walk.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {

using ast::TypeKind;

Value Lowering::keep(const Value& copied) {
  Value kept = copied;
  kept.address = allocate_scratch(copied.type.size);
  lasting_scratch_ = scratch_used_;
  copy(kept.address, copied, copied.type.size);
  return kept;
}

// Whether a struct or array is (or may be) a copy in memory of the program.
bool Lowering::is_copy(const ast::Expr& expr) const {
  auto part_of = [&](const ast::ExprPtr& base) {
    const ast::ExprInfo* known = probe_.expressions.find(base->id);
    if (!known || known->type.is(TypeKind::Pointer)) return false;
    if (known->type.is(TypeKind::Tuple) || known->type.is(TypeKind::Record)) return true;
    return is_copy(*base);
  };
  if (std::holds_alternative<ast::MapAccess>(expr.node)) return true;
  if (auto* cast = std::get_if<ast::Cast>(&expr.node)) {
    const ast::ExprInfo* known = probe_.expressions.find(cast->operand->id);
    bool made = known && !known->type.is(TypeKind::Struct) && !known->type.is(TypeKind::Array);
    return made || is_copy(*cast->operand);
  }
  if (auto* field = std::get_if<ast::FieldAccess>(&expr.node)) return part_of(field->base);
  if (auto* element = std::get_if<ast::TupleAccess>(&expr.node)) return part_of(element->base);
  if (auto* index = std::get_if<ast::Index>(&expr.node)) return part_of(index->base);
  if (auto* scope = std::get_if<ast::BlockExpr>(&expr.node)) return is_copy(scope->block);
  if (auto* choice = std::get_if<ast::Ternary>(&expr.node)) {
    return is_copy(choice->then ? *choice->then : *choice->condition) ||
           is_copy(*choice->otherwise);
  }
  if (auto* choice = std::get_if<ast::If>(&expr.node)) {
    return is_copy(choice->then) || (choice->otherwise && is_copy(*choice->otherwise));
  }
  if (std::holds_alternative<ast::Variable>(expr.node)) {
    auto variable = variable_of(expr);
    return variable && variables_[*variable].copied;
  }
  return false;
}

bool Lowering::is_copy(const ast::Block& block) const {
  return block.value && is_copy(*block.value);
}

void Lowering::find_copied_variables() {
  bool changed = false;
  auto note = [&](const ast::Expr& expr) {
    auto variable = variable_of(expr);
    if (!variable || variables_[*variable].copied) return;
    variables_[*variable].copied = changed = true;
  };
  do {
    changed = false;
    ast::for_each_statement(*probe_.source, [&](const ast::Stmt& statement) {
      auto* assigned = std::get_if<ast::Assignment>(&statement.node);
      if (assigned && is_copy(*assigned->value)) note(*assigned->target);
      auto* let = std::get_if<ast::Let>(&statement.node);
      if (let && let->value && is_copy(*let->value)) note(*let->variable);
    });
    ast::for_each_expression(*probe_.source, [&](const ast::Expr& expr) {
      auto* call = std::get_if<ast::Call>(&expr.node);
      if (call && call->name == "find" && call->arguments.size() == 3) note(*call->arguments[2]);
    });
  } while (changed);
}

}  // namespace gimlet::codegen
