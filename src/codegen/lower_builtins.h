// The code of each builtin: one function per row of the table in ast/builtin.h.
//
// A builtin that fits a register computes an i64. One that lives in memory writes itself to a place
// that it is given, so that a stack trace or a string is built right inside a record or a key. One
// without a value only acts.
#pragma once

#include "codegen/lowering.h"

namespace gimlet::codegen {

struct BuiltinLowering {
  llvm::Value* (*scalar)(Lowering&, const ast::Expr&) = nullptr;
  void (*memory)(Lowering&, const ast::Expr&, const Address& to, bool padded) = nullptr;
  // Strings: writes to the tail of a record and gives the number of bytes.
  llvm::Value* (*tail)(Lowering&, const ast::Expr&, const Address& to) = nullptr;
  void (*effect)(Lowering&, const ast::Expr&) = nullptr;
  // `memory` leaves no undefined bytes even when not asked to pad.
  bool always_padded = false;
};

const BuiltinLowering& builtin_lowering(ast::BuiltinId id);
// The row of an expression that is a builtin living in memory, or null.
const BuiltinLowering* memory_builtin(const ast::ExprInfo& info);

// The argument of a call, or null if there are fewer (or if it is a bare name).
const ast::Expr* argument(const ast::Expr& expr, size_t index);

// values (lower_builtins_values.cpp)
llvm::Value* lower_pid(Lowering&, const ast::Expr&);
llvm::Value* lower_tid(Lowering&, const ast::Expr&);
llvm::Value* lower_uid(Lowering&, const ast::Expr&);
llvm::Value* lower_gid(Lowering&, const ast::Expr&);
void lower_comm(Lowering&, const ast::Expr&, const Address&, bool);
llvm::Value* lower_nsecs(Lowering&, const ast::Expr&);
llvm::Value* lower_elapsed(Lowering&, const ast::Expr&);
llvm::Value* lower_cpu(Lowering&, const ast::Expr&);
llvm::Value* lower_curtask(Lowering&, const ast::Expr&);
llvm::Value* lower_args(Lowering&, const ast::Expr&);
llvm::Value* lower_rand(Lowering&, const ast::Expr&);
llvm::Value* lower_ncpus(Lowering&, const ast::Expr&);
llvm::Value* lower_cpid(Lowering&, const ast::Expr&);
llvm::Value* lower_jiffies(Lowering&, const ast::Expr&);
llvm::Value* lower_numaid(Lowering&, const ast::Expr&);
llvm::Value* lower_pointer(Lowering&, const ast::Expr&);
llvm::Value* lower_ksym(Lowering&, const ast::Expr&);
void lower_usym(Lowering&, const ast::Expr&, const Address&, bool);
void lower_strftime(Lowering&, const ast::Expr&, const Address&, bool);

// what the kernel knows, and what acts on the traced process (lower_builtins_kernel.cpp)
llvm::Value* lower_cgroup(Lowering&, const ast::Expr&);
void lower_comm_of(Lowering&, const ast::Expr&, const Address&);
llvm::Value* lower_percpu_kaddr(Lowering&, const ast::Expr&);
void lower_signal(Lowering&, const ast::Expr&);
llvm::Value* lower_write_user(Lowering&, const ast::Expr&);
void lower_override(Lowering&, const ast::Expr&);
void lower_path(Lowering&, const ast::Expr&, const Address&, bool);
llvm::Value* lower_socket_cookie(Lowering&, const ast::Expr&);
void lower_debugf(Lowering&, const ast::Expr&);

// strings and bytes (lower_builtins_text.cpp)
llvm::Value* lower_strlen(Lowering&, const ast::Expr&);
llvm::Value* lower_strncmp(Lowering&, const ast::Expr&);
llvm::Value* lower_strstr(Lowering&, const ast::Expr&);
void lower_str_concat(Lowering&, const ast::Expr&, const Address&, bool);
llvm::Value* lower_memcmp(Lowering&, const ast::Expr&);
llvm::Value* lower_bswap(Lowering&, const ast::Expr&);
void lower_strerror(Lowering&, const ast::Expr&, const Address&, bool);
void lower_signal_name(Lowering&, const ast::Expr&, const Address&, bool);
void lower_syscall_name(Lowering&, const ast::Expr&, const Address&, bool);

// addresses and packets (lower_builtins_network.cpp)
void lower_ntop(Lowering&, const ast::Expr&, const Address&, bool);
void lower_pton(Lowering&, const ast::Expr&, const Address&, bool);
void lower_macaddr(Lowering&, const ast::Expr&, const Address&, bool);
void lower_cgroup_path(Lowering&, const ast::Expr&, const Address&, bool);
llvm::Value* lower_skboutput(Lowering&, const ast::Expr&);

// the probe's context (lower_builtins_context.cpp)
llvm::Value* lower_ctx(Lowering&, const ast::Expr&);
llvm::Value* lower_argn(Lowering&, const ast::Expr&);
llvm::Value* lower_retval(Lowering&, const ast::Expr&);
llvm::Value* lower_reg(Lowering&, const ast::Expr&);
llvm::Value* lower_usermode(Lowering&, const ast::Expr&);
llvm::Value* lower_uaddr(Lowering&, const ast::Expr&);
void lower_whole_arguments(Lowering&, const ast::Expr&, const Address&, bool);
void lower_func(Lowering&, const ast::Expr&, const Address&, bool);
llvm::Value* lower_kernel_func(Lowering&, const ast::Expr&);

// strings, buffers, stacks (lower_builtins_memory.cpp)
void lower_str(Lowering&, const ast::Expr&, const Address&, bool);
llvm::Value* lower_str_tail(Lowering&, const ast::Expr&, const Address&);
void lower_buf(Lowering&, const ast::Expr&, const Address&, bool);
void lower_stack(Lowering&, const ast::Expr&, const Address&, bool);
void lower_dwarf_stack(Lowering&, const ast::Expr&, const Address&, bool);

// asynchronous calls (lower_builtins_events.cpp)
void lower_printf(Lowering&, const ast::Expr&);
void lower_print(Lowering&, const ast::Expr&);
void lower_exit(Lowering&, const ast::Expr&);
void lower_bare_event(Lowering&, const ast::Expr&);
void lower_join(Lowering&, const ast::Expr&);
void lower_nothing(Lowering&, const ast::Expr&);

// functions on maps (lower_builtins_maps.cpp)
llvm::Value* lower_delete(Lowering&, const ast::Expr&);
llvm::Value* lower_has_key(Lowering&, const ast::Expr&);
llvm::Value* lower_len(Lowering&, const ast::Expr&);
llvm::Value* lower_find(Lowering&, const ast::Expr&);

}  // namespace gimlet::codegen
