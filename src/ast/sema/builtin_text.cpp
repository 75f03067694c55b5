// The typing of functions on strings and bytes, and of the calls that take a format besides printf.

#include <fmt/format.h>

#include <algorithm>

#include "ast/format.h"
#include "ast/sema/builtin_types.h"
#include "ast/sema/fold.h"

namespace gimlet::ast::sema {
namespace {

constexpr uint32_t kConcatSize = 1024;
constexpr uint32_t kNameSize = 64;
// What a buffer keeps in front of its bytes: their number.
constexpr uint32_t kBufferHeader = 4;

bool is_char(const Type& type) { return type.is(TypeKind::Integer) && type.size == 1; }

// Checks an argument that must be a string, an array of int8, or a pointer to int8.
Type want_string_like(Checker& checker, const Call& call, size_t argument) {
  const Expr& expr = *call.arguments[argument];
  Type type = checker.check_value(expr);
  const char* problem = nullptr;
  if (type.is(TypeKind::Array)) {
    if (!is_char(*type.element)) problem = "string-like arrays must contain a char-like type";
  } else if (type.is(TypeKind::Pointer)) {
    if (!is_char(*type.element)) problem = "string-like pointers must point to a char-like type";
    if (!problem) checker.note_read(type, expr.range);
  } else if (type.known() && !type.is(TypeKind::String)) {
    problem = "string-like values must be either strings, arrays or pointers";
  }
  if (!problem) return type;
  checker.error(expr.range, problem);
  return {};
}

ExprInfo constant_number(uint64_t value, Type type) {
  return {std::move(type), Constant(IntegerConstant{value, false}), {}};
}

}  // namespace

// system() and cat(): the text names what to run or to show.
ExprInfo type_format_call(Checker& checker, const Expr& expr, const Builtin& row,
                          const Call* call) {
  EventKind kind = row.id == BuiltinId::System ? EventKind::System : EventKind::Cat;
  return {void_type(), {}, EventUse{row.id, checker.add_format_event(kind, *call, expr.range, 0)}};
}

namespace {

bool kernel_prints(const FormatPiece& piece) {
  constexpr std::string_view kNumbers[] = {"d", "u", "x", "p"};
  bool known = piece.conversion == "s" || std::find(std::begin(kNumbers), std::end(kNumbers),
                                                    piece.conversion) != std::end(kNumbers);
  bool plain = piece.length == FormatLength::None || piece.length == FormatLength::Long;
  return known && plain && piece.width == 0 && !piece.left && !piece.plus && !piece.alternate &&
         !piece.zero;
}

void check_debugf(Checker& checker, const Call& call, const std::string& format) {
  constexpr size_t kMostValues = 3;
  size_t number = 0;
  for (const FormatPiece& piece : parse_format(format)) {
    if (piece.conversion.empty()) continue;
    number++;
    if (!kernel_prints(piece)) {
      checker.error(call.arguments[0]->range,
                    fmt::format("debugf() only supports %d, %u, %x, %p and %s, without flags and "
                                "widths (conversion {} is %{})",
                                number, piece.conversion));
    } else if (piece.conversion == "s" && number < call.arguments.size()) {
      const Type& type = checker.info(*call.arguments[number]).type;
      if (!type.known() || type.is(TypeKind::String)) continue;
      checker.error(call.arguments[number]->range,
                    fmt::format("unsupported format specifier for type '{}': s", type_name(type)));
    }
  }
  if (number > kMostValues) {
    checker.error(call.arguments[0]->range, "cannot use more than 3 conversion specifiers");
  }
}

}  // namespace

// The kernel itself formats; the event only checks format and values, and is never sent.
ExprInfo type_debugf(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  uint32_t event = checker.add_format_event(EventKind::Printf, *call, expr.range, 0);
  const std::string* format = checker.want_text(*call, 0);
  if (format) check_debugf(checker, *call, *format);
  checker.warning(expr.range,
                  "The debugf() builtin is not recommended for production use. Its output goes to "
                  "the kernel's trace buffer, which all of the system shares.");
  return {void_type(), {}, EventUse{row.id, event}};
}

ExprInfo type_strlen(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  want_string_like(checker, *call, 0);
  Type type = integer_type(8, false);
  return {type, {}, BuiltinUse{row.id}};
}

ExprInfo type_strcap(Checker& checker, const Expr& expr, const Builtin&, const Call* call) {
  Type type = want_string_like(checker, *call, 0);
  if (type.is(TypeKind::String)) return constant_number(type.size, literal_integer_type(type.size));
  if (type.is(TypeKind::Array)) {
    return constant_number(type.length, literal_integer_type(type.length));
  }
  return type_strlen(checker, expr, builtin(BuiltinId::Strlen), call);
}

ExprInfo type_strncmp(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  for (size_t i : {0, 1}) {
    Type type = checker.check_value(*call->arguments[i]);
    if (!type.known() || type.is(TypeKind::String)) continue;
    checker.error(
        call->arguments[i]->range,
        fmt::format("strncmp() only supports string arguments ({} provided)", type_name(type)));
  }
  uint64_t count = checker.want_number(*call, 2).value_or(0);
  Type type = integer_type(8, false);
  return {
      type, {}, BuiltinUse{row.id, static_cast<uint32_t>(std::min<uint64_t>(count, UINT32_MAX))}};
}

ExprInfo type_strstr(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  want_string_like(checker, *call, 0);
  want_string_like(checker, *call, 1);
  return {integer_type(4, true), {}, BuiltinUse{row.id}};
}

ExprInfo type_str_concat(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  want_string_like(checker, *call, 0);
  want_string_like(checker, *call, 1);
  return {string_type(kConcatSize), {}, BuiltinUse{row.id}};
}

ExprInfo type_memcmp(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  uint64_t count = checker.want_number(*call, 2).value_or(0);
  for (size_t i : {0, 1}) {
    const Expr& side = *call->arguments[i];
    Type type = checker.check_value(side);
    if (!type.known()) continue;
    if (const StructLayout* layout = checker.layout_of(type)) type.size = layout->size;
    if (type.is(TypeKind::Buffer)) type.size -= kBufferHeader;
    if (type.is(TypeKind::Pointer) || type.is(TypeKind::Void) || is_aggregate(type)) {
      checker
          .error(side.range, fmt::format("memcmp() does not support {} arguments", type_name(type)))
          .hint("dereference a pointer to compare what it leads to");
    } else if (count > type.size) {
      checker.error(
          call->arguments[2]->range,
          fmt::format("memcmp() cannot compare {} bytes of a value that has {}", count, type.size));
    }
  }
  return {integer_type(4, true), {}, BuiltinUse{row.id, static_cast<uint32_t>(count)}};
}

ExprInfo type_bswap(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  Type type = checker.check_value(*call->arguments[0]);
  if (type.known() && !type.is(TypeKind::Integer)) {
    checker.error(
        call->arguments[0]->range,
        fmt::format("bswap() only supports integer arguments ({} provided)", type_name(type)));
    return {};
  }
  return {integer_type(std::max(type.size, 1U), false), {}, BuiltinUse{row.id}};
}

ExprInfo type_default_str_length(Checker& checker, const Expr&, const Builtin&, const Call*) {
  uint32_t size = checker.facts().options.config.max_strlen;
  return constant_number(size, literal_integer_type(size));
}

ExprInfo type_assert_str(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  want_string_like(checker, *call, 0);
  return {void_type(), {}, BuiltinUse{row.id}};
}

// strerror(), signal_name(), syscall_name()
ExprInfo type_system_name(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  checker.want_integer(*call, 0);
  return {string_type(kNameSize), {}, BuiltinUse{row.id}};
}

}  // namespace gimlet::ast::sema
