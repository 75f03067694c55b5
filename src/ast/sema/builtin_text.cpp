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

void check_text_length(Checker& checker, SourceRange range, const std::string& text) {
  const uint32_t limit = checker.facts().options.config.max_strlen - 1;
  if (text.size() <= limit) return;
  checker.error(range,
                fmt::format("String is too long (over {} bytes): {}", limit, text.substr(0, 64)));
}

namespace {

// The text of `$N`, or of `$N + k`: without its first k bytes.
std::optional<std::string> parameter_text(Checker& checker, const Expr& source) {
  if (auto* parameter = std::get_if<PositionalParameter>(&source.node)) {
    const auto& words = checker.facts().options.positional;
    return parameter->index <= words.size() ? words[parameter->index - 1] : std::string();
  }
  auto* sum = std::get_if<Binary>(&source.node);
  if (!sum || sum->op != BinaryOp::Add) return std::nullopt;
  if (!std::holds_alternative<PositionalParameter>(sum->left->node)) return std::nullopt;
  const Constant* skipped = checker.want_constant(*sum->right);
  auto* number = skipped ? std::get_if<IntegerConstant>(skipped) : nullptr;
  if (!number || number->negative) return std::nullopt;
  std::string text = *parameter_text(checker, *sum->left);
  return text.substr(std::min<uint64_t>(number->bits, text.size()));
}

ExprInfo literal_string(std::string text) {
  Constant constant(std::move(text));
  Type type = constant_type(constant);
  return {std::move(type), std::move(constant), {}};
}

}  // namespace

ExprInfo type_str(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  const Expr& source = *call->arguments[0];
  uint32_t limit = checker.facts().options.config.max_strlen;
  // A literal argument folds: str($1) is the parameter's text, whatever it looks like.
  if (auto text = parameter_text(checker, source)) {
    if (call->arguments.size() > 1)
      *text = text->substr(0, checker.want_number(*call, 1).value_or(0));
    check_text_length(checker, source.range, *text);
    return literal_string(*text);
  }
  Type type = checker.check_value(source);
  std::optional<std::string> text;
  const auto& constant = checker.info(source).constant;
  const bool folds = type.is(TypeKind::String) || type.is(TypeKind::Integer);
  if (constant && folds) text = constant_text(*constant);
  if (type.known() && !type.is(TypeKind::Integer) && !type.is(TypeKind::Pointer) &&
      !type.is(TypeKind::String) && !type.is(TypeKind::Array)) {
    checker.error(source.range, fmt::format("str() expects an integer or a pointer type as first "
                                            "argument ({} provided)",
                                            type_name(type)));
    return {};
  }
  if (call->arguments.size() == 1) {
    if (text) return literal_string(*text);
    return {string_type(limit), {}, BuiltinUse{row.id}};
  }
  const Expr& length = *call->arguments[1];
  Type length_type = checker.want_integer(*call, 1);
  if (!length_type.known()) return {string_type(limit), {}, BuiltinUse{row.id}};
  const auto& length_constant = checker.info(length).constant;
  auto* number = length_constant ? std::get_if<IntegerConstant>(&*length_constant) : nullptr;
  if (!number) return {string_type(limit), {}, BuiltinUse{row.id}};
  if (number->negative) {
    checker.error(length.range, "str() expects a non-negative length");
    return {};
  }
  if (text) return literal_string(text->substr(0, number->bits));
  uint64_t bytes = number->bits + 1;
  if (bytes > limit) {
    checker.warning(length.range,
                    fmt::format("length param ({}) is too long and will be shortened to {} bytes "
                                "(see BPFTRACE_MAX_STRLEN)",
                                number->bits, limit));
    bytes = limit;
  }
  return {string_type(static_cast<uint32_t>(bytes)), {}, BuiltinUse{row.id}};
}

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
