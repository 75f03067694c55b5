// Functions on maps that run inside the program: delete(), has_key(), len() (language §11.2).
#include "codegen/lower_builtins.h"

namespace gimlet::codegen {
namespace {

uint32_t map_of(Lowering& l, const ast::Expr& expr) {
  return std::get<ast::MapUse>(l.info(expr).use).map;
}

}  // namespace

// delete(@m, k), delete(@scalar), and the older delete(@m[k]).
llvm::Value* lower_delete(Lowering& l, const ast::Expr& expr) {
  const ast::Expr& target = *argument(expr, 0);
  const ast::Expr* key = argument(expr, 1);
  const auto& access = std::get<ast::MapAccess>(target.node);
  if (!key && !access.keys.empty()) key = access.keys[0].get();
  return l.delete_entry(map_of(l, target), key);
}

llvm::Value* lower_has_key(Lowering& l, const ast::Expr& expr) {
  return l.has_entry(map_of(l, *argument(expr, 0)), *argument(expr, 1), expr.range);
}

// A walk over the map that does nothing: its helper returns the number of entries visited.
llvm::Value* lower_len(Lowering& l, const ast::Expr& expr) {
  const ast::Expr& target = *argument(expr, 0);
  auto* access = std::get_if<ast::MapAccess>(&target.node);
  if (!access || !access->keys.empty()) return l.load(l.materialize(l.lower(target)).address, 8);
  uint32_t map = map_of(l, target);
  if (l.module().map_plan(map).is_histogram()) {
    l.fail(expr.range, "len() of a histogram map is not supported yet");
    return l.constant(0);
  }
  llvm::Value* nothing = llvm::ConstantPointerNull::get(l.builder().getPtrTy());
  return l.call(Helper::ForEachMapElement,
                {l.map_pointer(map), l.module().counting_callback(), nothing, l.constant(0)});
}

}  // namespace gimlet::codegen
