// The typing functions of the builtins, one for each row or family of rows (see checker.h).
#pragma once

#include "ast/sema/checker.h"

namespace gimlet::ast::sema {

// Reports a text that is longer than strings may be (builtin_text.cpp).
void check_text_length(Checker& checker, SourceRange range, const std::string& text);

// builtin_types.cpp: values, and functions that read or convert
ExprInfo type_pid(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_uint64(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_comm(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_nsecs(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_curtask(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_uaddr(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_args(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_register_value(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_probe_name(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_user_symbol(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_retval(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_function(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_kernel_symbol(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_ctx(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_username(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_stack(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_buf(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_space(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_reg(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_strftime(Checker&, const Expr&, const Builtin&, const Call*);

// builtin_functions.cpp: asynchronous calls and functions on maps
ExprInfo type_printf(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_print(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_exit(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_clear(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_delete(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_has_key(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_len(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_time(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_join(Checker&, const Expr&, const Builtin&, const Call*);

// builtin_language.cpp: what the language itself needs
ExprInfo type_find(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_is_scalar(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_is_literal(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_fail(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_message(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_getopt(Checker&, const Expr&, const Builtin&, const Call*);

// builtin_kernel.cpp: what asks the kernel, or acts on the traced process
ExprInfo type_config(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_has_cpid(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_usermode(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_comm_of(Checker&, const Expr&, const Builtin&, const Call&);
ExprInfo type_kaddr(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_percpu_kaddr(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_signal(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_write_user(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_override(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_path(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_kfunc_exist(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_kfunc_allowed(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_cgroupid(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_socket_cookie(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_unwatch(Checker&, const Expr&, const Builtin&, const Call*);

// builtin_text.cpp: strings, bytes, formats
ExprInfo type_str(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_format_call(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_debugf(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_strlen(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_strcap(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_strncmp(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_strstr(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_str_concat(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_memcmp(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_bswap(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_default_str_length(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_assert_str(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_system_name(Checker&, const Expr&, const Builtin&, const Call*);

// builtin_network.cpp: addresses, packets, cgroups
ExprInfo type_ntop(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_pton(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_macaddr(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_cgroup_path(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_skboutput(Checker&, const Expr&, const Builtin&, const Call*);

// builtin_aggregations.cpp
ExprInfo type_count(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_aggregation(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_hist(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_lhist(Checker&, const Expr&, const Builtin&, const Call*);
ExprInfo type_tseries(Checker&, const Expr&, const Builtin&, const Call*);

}  // namespace gimlet::ast::sema
