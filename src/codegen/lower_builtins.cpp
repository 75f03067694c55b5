// The table of builtins' code, and the two ways to reach it.
#include "codegen/lower_builtins.h"

namespace gimlet::codegen {
namespace {

using ast::BuiltinId;

constexpr BuiltinLowering scalar(llvm::Value* (*code)(Lowering&, const ast::Expr&)) {
  BuiltinLowering row;
  row.scalar = code;
  return row;
}

constexpr BuiltinLowering memory(void (*code)(Lowering&, const ast::Expr&, const Address&, bool)) {
  BuiltinLowering row;
  row.memory = code;
  row.always_padded = true;
  return row;
}

constexpr BuiltinLowering string(void (*code)(Lowering&, const ast::Expr&, const Address&, bool),
                                 llvm::Value* (*tail)(Lowering&, const ast::Expr&,
                                                      const Address&)) {
  BuiltinLowering row;
  row.memory = code;
  row.tail = tail;
  return row;
}

constexpr BuiltinLowering effect(void (*code)(Lowering&, const ast::Expr&)) {
  BuiltinLowering row;
  row.effect = code;
  return row;
}

// Folded by sema, or part of an assignment: never lowered by itself.
constexpr BuiltinLowering none() { return {}; }

// In the order of BuiltinId.
constexpr BuiltinLowering kTable[] = {
    // values
    scalar(lower_pid), scalar(lower_tid), scalar(lower_uid), scalar(lower_gid), memory(lower_comm),
    scalar(lower_nsecs), scalar(lower_elapsed), scalar(lower_cpu), scalar(lower_curtask),
    scalar(lower_args), scalar(lower_argn), scalar(lower_retval), none(), none(),
    memory(lower_func), scalar(lower_rand), scalar(lower_ctx), scalar(lower_ncpus),
    scalar(lower_cpid), scalar(lower_uid), memory(lower_stack), memory(lower_stack),
    memory(lower_dwarf_stack), scalar(lower_jiffies), scalar(lower_numaid), scalar(lower_cgroup),
    none(), scalar(lower_usermode), none(),
    // functions
    effect(lower_printf), effect(lower_print), string(lower_str, lower_str_tail),
    effect(lower_exit), effect(lower_bare_event), effect(lower_bare_event), scalar(lower_delete),
    scalar(lower_has_key), scalar(lower_len), effect(lower_bare_event), memory(lower_strftime),
    effect(lower_join), scalar(lower_ksym), memory(lower_usym), memory(lower_buf),
    scalar(lower_pointer), scalar(lower_pointer), scalar(lower_reg), scalar(lower_find), none(),
    none(), effect(lower_nothing), effect(lower_printf), effect(lower_printf), none(),
    effect(lower_printf), effect(lower_printf), effect(lower_debugf), none(),
    scalar(lower_percpu_kaddr), effect(lower_signal), effect(lower_signal),
    scalar(lower_write_user), effect(lower_override), memory(lower_path), none(), none(), none(),
    scalar(lower_socket_cookie), scalar(lower_strlen), none(), scalar(lower_strncmp),
    scalar(lower_strstr), memory(lower_str_concat), scalar(lower_memcmp), scalar(lower_bswap),
    none(), effect(lower_nothing), memory(lower_strerror), memory(lower_signal_name),
    memory(lower_syscall_name), memory(lower_ntop), memory(lower_pton), memory(lower_macaddr),
    memory(lower_cgroup_path), scalar(lower_skboutput), none(), scalar(lower_uaddr),
    // aggregations
    none(), none(), none(), none(), none(), none(), none(), none(), none()};
static_assert(std::size(kTable) == static_cast<size_t>(BuiltinId::TSeries) + 1);

// `func` of a kernel probe is a plain address.
constexpr BuiltinLowering kKernelFunc = scalar(lower_kernel_func);

// `args` of a uprobe is a structure.
constexpr BuiltinLowering kWholeArguments = memory(lower_whole_arguments);

const BuiltinLowering* row_of(const ast::ExprInfo& info) {
  if (auto* use = std::get_if<ast::BuiltinUse>(&info.use)) {
    if (use->id == BuiltinId::Args && info.type.size > 0) return &kWholeArguments;
    const bool in_kernel = info.type.is(ast::TypeKind::KernelSymbol);
    return use->id == BuiltinId::Func && in_kernel ? &kKernelFunc : &builtin_lowering(use->id);
  }
  if (auto* use = std::get_if<ast::EventUse>(&info.use)) return &builtin_lowering(use->id);
  return nullptr;
}

}  // namespace

const BuiltinLowering& builtin_lowering(BuiltinId id) { return kTable[static_cast<size_t>(id)]; }

const BuiltinLowering* memory_builtin(const ast::ExprInfo& info) {
  if (info.constant) return nullptr;
  const BuiltinLowering* row = row_of(info);
  return row && row->memory ? row : nullptr;
}

const ast::Expr* argument(const ast::Expr& expr, size_t index) {
  auto* call = std::get_if<ast::Call>(&expr.node);
  return call && index < call->arguments.size() ? call->arguments[index].get() : nullptr;
}

Value Lowering::lower_builtin(const ast::Expr& expr, const ast::Call*) {
  const ast::ExprInfo& known = info(expr);
  // `retval` of a typed context is one of its words.
  if (auto* word = std::get_if<ast::FieldUse>(&known.use)) {
    return context_field(word->field, known.type);
  }
  if (writes_itself(expr)) return lower_fields(expr);
  const BuiltinLowering* row = row_of(known);
  if (row && row->scalar) return register_value(row->scalar(*this, expr), known.type);
  if (row && row->effect) {
    row->effect(*this, expr);
    return {};
  }
  if (row && row->memory) {
    Value value = reference(Place::Memory, nullptr, 0, known.type);
    value.address = allocate(known.type.size);
    value.padded = row->always_padded;
    row->memory(*this, expr, value.address, false);
    return value;
  }
  fail(expr.range, "internal error: a name without code");
  return register_value(constant(0), known.type);
}

}  // namespace gimlet::codegen
