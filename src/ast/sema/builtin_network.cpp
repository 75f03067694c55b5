// The typing of functions on addresses and packets, and of cgroup_path().

#include <arpa/inet.h>
#include <fmt/format.h>

#include "ast/sema/builtin_types.h"

namespace gimlet::ast::sema {
namespace {

bool is_bytes(const Type& type) { return type.is(TypeKind::Array) || type.is(TypeKind::String); }

}  // namespace

ExprInfo type_ntop(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  size_t address = call->arguments.size() - 1;
  if (address == 1) checker.want_integer(*call, 0);
  const Expr& expr = *call->arguments[address];
  Type type = checker.check_value(expr);
  ExprInfo result{inet_type(), {}, BuiltinUse{row.id}};
  if (!type.known() || type.is(TypeKind::Integer)) return result;
  if (!is_bytes(type)) {
    checker.error(expr.range, fmt::format("ntop() only supports integer, array or string arguments "
                                          "({} provided)",
                                          type_name(type)));
  } else if (type.size != 4 && type.size != 16) {
    checker.error(expr.range, "ntop() argument must be 4 or 16 bytes in size");
  }
  return result;
}

// The bytes are made from the text again when code is generated.
ExprInfo type_pton(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  const Expr& expr = *call->arguments[0];
  const Constant* constant = checker.want_constant(expr);
  auto* text = constant ? std::get_if<std::string>(constant) : nullptr;
  if (!text) {
    if (checker.info(expr).type.known()) {
      checker.error(expr.range, "pton() expects an string literal at the first argument");
    }
    return {};
  }
  bool v4 = text->find('.') != std::string::npos;
  uint8_t bytes[16];
  if (inet_pton(v4 ? AF_INET : AF_INET6, text->c_str(), bytes) != 1) {
    checker.error(expr.range,
                  fmt::format("pton() expects a valid IPv4/IPv6 address, got {}", *text));
  }
  return {array_of(integer_type(1, false), v4 ? 4 : 16), {}, BuiltinUse{row.id}};
}

ExprInfo type_macaddr(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  const Expr& expr = *call->arguments[0];
  Type type = checker.check_value(expr);
  ExprInfo result{mac_address_type(), {}, BuiltinUse{row.id}};
  const auto& constant = checker.info(expr).constant;
  if (constant && std::holds_alternative<std::string>(*constant)) {
    checker.error(expr.range, "macaddr() does not support literal string arguments");
  } else if (is_bytes(type)) {
    if (type.size < mac_address_type().size) {
      checker.error(expr.range, "macaddr() argument must be at least 6 bytes in size");
    }
  } else if (type.is(TypeKind::Pointer) || type.is(TypeKind::Integer)) {
    checker.note_read(type, expr.range);
  } else if (type.known()) {
    checker.error(expr.range, fmt::format("macaddr() only supports array, string, pointer or "
                                          "integer arguments ({} provided)",
                                          type_name(type)));
  }
  return result;
}

// An event that is never sent keeps the pattern, as strftime() keeps its format.
ExprInfo type_cgroup_path(Checker& checker, const Expr& expr, const Builtin& row,
                          const Call* call) {
  checker.want_integer(*call, 0);
  const std::string* pattern = call->arguments.size() > 1 ? checker.want_text(*call, 1) : nullptr;
  uint32_t event =
      checker.add_text_event(EventKind::CgroupPath, expr.range, pattern ? *pattern : "*");
  return {cgroup_path_type(), {}, EventUse{row.id, event}};
}

ExprInfo type_skboutput(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  const std::string* file = checker.want_text(*call, 0);
  const Expr& packet = *call->arguments[1];
  Type type = checker.check_value(packet);
  bool fits = type.is(TypeKind::Pointer) && type.element->is(TypeKind::Struct) &&
              type.element->name == "struct sk_buff";
  if (type.known() && !fits) {
    checker.error(packet.range, fmt::format("skboutput() only supports 'struct sk_buff *' as the "
                                            "second argument ({} provided)",
                                            type_name(type)));
  }
  checker.want_integer(*call, 2);
  uint64_t offset = checker.want_number(*call, 3).value_or(0);
  uint32_t event = checker.add_event(EventKind::SkbOutput, expr.range, file ? *file : "", {});
  if (checker.last_round()) checker.event(event).top = offset;
  return {integer_type(4, false), {}, EventUse{row.id, event}};
}

}  // namespace gimlet::ast::sema
