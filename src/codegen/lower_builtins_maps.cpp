// Functions on maps that run inside the program: delete(), has_key(), len() (language §11.2).
#include "ast/promote.h"
#include "codegen/lower_builtins.h"

namespace gimlet::codegen {
namespace {

uint32_t map_of(Lowering& l, const ast::Expr& expr) {
  return std::get<ast::MapUse>(l.info(expr).use).map;
}

}  // namespace

// delete(@m, k), delete(@scalar), and the older delete(@m[k]).
llvm::Value* lower_delete(Lowering& l, const ast::Expr& expr) {
  const auto& arguments = std::get<ast::Call>(expr.node).arguments;
  const ast::Expr& target = *arguments[0];
  // `delete(@m, k)`, or the old `delete(@m[k])`.
  std::span<const ast::ExprPtr> keys = std::get<ast::MapAccess>(target.node).keys;
  if (arguments.size() > 1) keys = std::span(arguments).subspan(1, 1);
  return l.delete_entry(map_of(l, target), keys);
}

llvm::Value* lower_has_key(Lowering& l, const ast::Expr& expr) {
  return l.has_entry(map_of(l, *argument(expr, 0)), *argument(expr, 1));
}

llvm::Value* lower_find(Lowering& l, const ast::Expr& expr) {
  llvm::IRBuilder<>& b = l.builder();
  uint32_t map = map_of(l, *argument(expr, 0));
  const ast::MapPlan& plan = l.module().map_plan(map);
  uint32_t variable = std::get<ast::VariableUse>(l.info(*argument(expr, 2)).use).variable;
  Address key = l.build_key(plan, *argument(expr, 1));
  llvm::Value* entry = l.find_entry(map, key);
  auto found = [&]() -> llvm::Value* {
    if (ast::is_aggregate(plan.value)) {
      ast::Type number = ast::as_operand(plan.value);
      l.assign_found(variable, l.register_value(l.read_aggregate(map, key), number), number);
    } else {
      Value value = l.reference(Place::Memory, entry, 0, plan.value);
      value.padded = true;
      l.assign_found(variable, value, plan.value);
    }
    return l.constant(1);
  };
  return l.opaque(
      l.choose(b.CreateIsNotNull(entry), found, [&]() -> llvm::Value* { return l.constant(0); }));
}

// A walk over the map that does nothing: its helper returns the number of entries visited.
llvm::Value* lower_len(Lowering& l, const ast::Expr& expr) {
  const ast::Expr& target = *argument(expr, 0);
  auto* access = std::get_if<ast::MapAccess>(&target.node);
  if (!access || !access->keys.empty()) return l.load(l.materialize(l.lower(target)).address, 8);
  uint32_t map = map_of(l, target);
  if (l.module().map_plan(map).has_buckets()) return l.count_keys(map);
  llvm::Value* nothing = llvm::ConstantPointerNull::get(l.builder().getPtrTy());
  return l.call(Helper::ForEachMapElement,
                {l.map_pointer(map), l.module().counting_callback(), nothing, l.constant(0)});
}

}  // namespace gimlet::codegen
