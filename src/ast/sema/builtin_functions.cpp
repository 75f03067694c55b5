// The typing of asynchronous calls and of functions on maps, and the table of all typing functions.

#include <fmt/format.h>

#include "ast/promote.h"
#include "ast/sema/builtin_types.h"
#include "ast/sema/iterator_format.h"

namespace gimlet::ast::sema {
namespace {

ExprInfo void_event(BuiltinId id, uint32_t event) { return {void_type(), {}, EventUse{id, event}}; }

const MapAccess* bare_map(const Expr& expr) {
  auto* access = std::get_if<MapAccess>(&expr.node);
  return access && access->keys.empty() ? access : nullptr;
}

ExprInfo print_map(Checker& checker, const Expr& expr, const Builtin& row, const Call& call) {
  int32_t map = checker.want_map(call, 0);
  uint64_t numbers[2] = {0, 0};
  for (size_t i = 1; i < call.arguments.size(); i++) {
    numbers[i - 1] = checker.want_number(call, i).value_or(0);
  }
  if (checker.map_value(static_cast<uint32_t>(map)).is(TypeKind::Stats) &&
      call.arguments.size() > 1) {
    checker.warning(expr.range,
                    "print()'s top and div arguments are ignored when used on stats() maps.");
  }
  if (checker.in_loop()) {
    checker.warning(expr.range,
                    "Due to it's asynchronous nature using 'print()' in a loop can lead to "
                    "unexpected behavior. The map will likely be updated before the runtime can "
                    "'print' it.");
  }
  uint32_t event = checker.add_event(EventKind::PrintMap, expr.range, "", {}, map);
  if (checker.last_round()) {
    checker.event(event).top = numbers[0];
    checker.event(event).div = numbers[1];
  }
  return void_event(row.id, event);
}

// A stats entry cannot be read by the program: its key is sent, and user space reads the value.
ExprInfo print_stats_entry(Checker& checker, const Expr& expr, const Builtin& row, uint32_t map) {
  const Type& key = checker.facts().maps[map].key;
  uint32_t event =
      checker.add_event(EventKind::PrintMapKey, expr.range, "", {key}, static_cast<int32_t>(map));
  return void_event(row.id, event);
}

bool check_printable(Checker& checker, const Expr& value, const Type& type) {
  auto* use = std::get_if<BuiltinUse>(&checker.info(value).use);
  bool whole_args = use && use->id == BuiltinId::Args && type.size == 0;
  if (type.known() && !type.is(TypeKind::Void) && !whole_args) return true;
  if (!checker.last_round()) return false;
  if (type.known() || checker.facts().error_count() == 0) {
    std::string name = !type.known() || type.is(TypeKind::Void) ? "none" : type_name(type);
    checker.error(value.range, fmt::format("{} type passed to print() is not printable", name));
  }
  return false;
}

}  // namespace

ExprInfo type_printf(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  uint32_t event = checker.add_format_event(EventKind::Printf, *call, expr.range, 0);
  if (checker.provider().id == ProviderId::Iter) check_iterator_format(checker, *call);
  return void_event(row.id, event);
}

ExprInfo type_print(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  const Expr& value = *call->arguments[0];
  if (bare_map(value)) return print_map(checker, expr, row, *call);
  if (call->arguments.size() > 1) {
    checker.error(expr.range, fmt::format("Non-map print() only takes 1 argument, {} found",
                                          call->arguments.size()));
    return {void_type(), {}, {}};
  }
  Type type = checker.check_value(value);
  if (is_aggregate(type)) {
    auto* use = std::get_if<MapUse>(&checker.info(value).use);
    if (use && type.is(TypeKind::Stats)) return print_stats_entry(checker, expr, row, use->map);
    checker.refuse_single_entry(value, type);
    return {void_type(), {}, {}};
  }
  if (!check_printable(checker, value, type)) return {void_type(), {}, {}};
  return void_event(row.id, checker.add_event(EventKind::PrintValue, expr.range, "", {type}));
}

ExprInfo type_exit(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  // It is a return, but for one that a macro makes.
  if (checker.in_for_loop() && expr.range.expansion == 0) {
    checker.error(expr.range, "'return' statement is not allowed in a for-loop");
  }
  if (call && !call->arguments.empty()) {
    Type type = checker.check_value(*call->arguments[0]);
    if (type.known() && !type.is(TypeKind::Integer)) {
      checker.error(
          call->arguments[0]->range,
          fmt::format("exit() only supports int arguments ({} provided)", type_name(type)));
    }
  }
  uint32_t event = checker.add_event(EventKind::Exit, expr.range, "", {integer_type(8, true)});
  if (checker.last_round()) checker.event(event).returns = expr.range.expansion == 0;
  return void_event(row.id, event);
}

ExprInfo type_clear(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  int32_t map = checker.want_map(*call, 0);
  EventKind kind = row.id == BuiltinId::Clear ? EventKind::Clear : EventKind::Zero;
  return void_event(row.id, checker.add_event(kind, expr.range, "", {}, map));
}

ExprInfo type_delete(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  const Expr& target = *call->arguments[0];
  auto* access = std::get_if<MapAccess>(&target.node);
  ExprInfo result{bool_type(), {}, BuiltinUse{row.id}};
  if (!access) {
    checker.want_map(*call, 0);
    return result;
  }
  if (!access->keys.empty() && call->arguments.size() == 2) {
    checker.error(target.range, "delete() expects a map argument");
    return result;
  }
  uint32_t map;
  if (call->arguments.size() == 2) {
    map = static_cast<uint32_t>(checker.want_map(*call, 0));
    if (!checker.note_shape(map, true, access->name_range)) {
      checker.error(expr.range,
                    "call to delete() expects a map with explicit keys (non-scalar map)");
      return result;
    }
    checker.use_key(map, *call->arguments[1]);
  } else {
    map = checker.facts().map_number(access->name, access->name_range);
    const MapFacts& facts = checker.facts().maps[map];
    if (access->keys.empty() && facts.shape_known && facts.keyed) {
      checker.error(expr.range,
                    "call to delete() with a single argument expects a map without "
                    "explicit keys (scalar map)");
      return result;
    }
    map = checker.use_map(*access, target.range);
  }
  checker.probe().expressions.set(target.id, {checker.map_value(map), {}, MapUse{map}});
  checker.note_update(map);
  return result;
}

ExprInfo type_has_key(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  int32_t map = checker.want_map(*call, 0);
  if (map >= 0) {
    auto number = static_cast<uint32_t>(map);
    if (checker.note_shape(number, true, call->arguments[0]->range)) {
      checker.use_key(number, *call->arguments[1]);
    } else {
      checker.error(expr.range,
                    "call to has_key() expects a map with explicit keys (non-scalar map)");
    }
  }
  return {bool_type(), {}, BuiltinUse{row.id}};
}

ExprInfo type_len(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  const Expr& target = *call->arguments[0];
  ExprInfo result{integer_type(8, true), {}, BuiltinUse{row.id}};
  if (bare_map(target)) {
    int32_t map = checker.want_map(*call, 0);
    if (!checker.note_shape(static_cast<uint32_t>(map), true, target.range)) {
      checker.error(expr.range, "call to len() expects a map with explicit keys (non-scalar map)");
    }
    return result;
  }
  Type type = checker.check_value(target);
  if (type.known() && !type.is(TypeKind::KernelStack) && !type.is(TypeKind::UserStack)) {
    checker.error(
        target.range,
        fmt::format("len() expects a map or stack to be provided ({} provided)", type_name(type)));
  }
  return result;
}

ExprInfo type_time(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  const std::string* format =
      call && !call->arguments.empty() ? checker.want_text(*call, 0) : nullptr;
  return void_event(
      row.id, checker.add_event(EventKind::Time, expr.range, format ? *format : "%H:%M:%S\n", {}));
}

ExprInfo type_join(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  checker.want_address(*call, 0);
  const std::string* delimiter = call->arguments.size() > 1 ? checker.want_text(*call, 1) : nullptr;
  Type strings = array_of(string_type(kJoinSize), kJoinCount);
  return void_event(row.id, checker.add_event(EventKind::Join, expr.range,
                                              delimiter ? *delimiter : " ", {strings}));
}

// In the order of BuiltinId.
TypeBuiltin builtin_typing(BuiltinId id) {
  static constexpr TypeBuiltin kTyping[] = {
      type_pid,
      type_pid,
      type_uint64,
      type_uint64,
      type_comm,
      type_nsecs,
      type_uint64,
      type_uint64,
      type_curtask,
      type_args,
      type_register_value,
      type_retval,
      type_probe_name,
      type_probe_name,
      type_function,
      type_uint64,
      type_ctx,
      type_uint64,
      type_uint64,
      type_username,
      type_stack,
      type_stack,
      type_stack,
      type_uint64,
      type_uint64,
      type_uint64,
      type_has_cpid,
      type_usermode,
      type_config,
      // functions
      type_printf,
      type_print,
      type_str,
      type_exit,
      type_clear,
      type_clear,
      type_delete,
      type_has_key,
      type_len,
      type_time,
      type_strftime,
      type_join,
      type_kernel_symbol,
      type_user_symbol,
      type_buf,
      type_space,
      type_space,
      type_reg,
      type_find,
      type_is_scalar,
      type_is_literal,
      type_fail,
      type_message,
      type_message,
      type_getopt,
      type_format_call,
      type_format_call,
      type_debugf,
      type_kaddr,
      type_percpu_kaddr,
      type_signal,
      type_signal,
      type_write_user,
      type_override,
      type_path,
      type_kfunc_exist,
      type_kfunc_allowed,
      type_cgroupid,
      type_socket_cookie,
      type_strlen,
      type_strcap,
      type_strncmp,
      type_strstr,
      type_str_concat,
      type_memcmp,
      type_bswap,
      type_default_str_length,
      type_assert_str,
      type_system_name,
      type_system_name,
      type_system_name,
      type_ntop,
      type_pton,
      type_macaddr,
      type_cgroup_path,
      type_skboutput,
      type_unwatch,
      type_uaddr,
      // aggregations
      type_count,
      type_aggregation,
      type_aggregation,
      type_aggregation,
      type_aggregation,
      type_aggregation,
      type_hist,
      type_lhist,
      type_tseries,
  };
  static_assert(std::size(kTyping) == static_cast<size_t>(BuiltinId::TSeries) + 1);
  return kTyping[static_cast<size_t>(id)];
}

}  // namespace gimlet::ast::sema
