// The typing of functions that are part of the language rather than of its library: find(),
// compile-time questions, messages, named parameters.

#include <fmt/format.h>

#include "ast/format.h"
#include "ast/promote.h"
#include "ast/sema/builtin_types.h"
#include "ast/sema/fold.h"
#include "ast/sema/named_parameters.h"

namespace gimlet::ast::sema {
namespace {

std::string converted(const FormatPiece& piece, const Constant& constant) {
  const bool* flag = std::get_if<bool>(&constant);
  const auto* number = std::get_if<IntegerConstant>(&constant);
  if (piece.conversion == "s" || (!flag && !number)) return constant_text(constant);
  return format_integer(piece, flag ? uint64_t{*flag} : number->bits);
}

ExprInfo literal_bool(bool value) { return {bool_type(), Constant(value), {}}; }

}  // namespace

ExprInfo type_find(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  ExprInfo result{bool_type(), {}, BuiltinUse{row.id}};
  const Expr& target = *call->arguments[2];
  int32_t number = checker.want_map(*call, 0);
  if (number < 0) return result;
  auto map = static_cast<uint32_t>(number);
  if (!checker.note_shape(map, true, call->arguments[0]->range)) {
    checker.error(expr.range, "call to find() expects a map with explicit keys (non-scalar map)");
    return result;
  }
  checker.use_key(map, *call->arguments[1]);
  checker.facts().maps[map].read = true;
  Type value = as_operand(checker.map_value(map));
  // What cannot be kept in a variable says nothing about the variable's type.
  const bool refused = is_aggregate(value);
  if (!checker.assign_declared(target, refused ? none_type() : value)) {
    checker.error(target.range, "find() expects a variable that was declared before")
        .hint("declare it with `let`");
    return result;
  }
  if (refused) {
    checker.error(
        call->arguments[0]->range,
        fmt::format("Value '{}' cannot be assigned to a scratch variable.", type_name(value)));
  }
  checker.check_value(target);
  return result;
}

ExprInfo type_is_scalar(Checker& checker, const Expr&, const Builtin&, const Call* call) {
  int32_t map = checker.want_map(*call, 0);
  if (map < 0) return {bool_type(), {}, {}};
  return literal_bool(!checker.facts().maps[static_cast<uint32_t>(map)].keyed);
}

ExprInfo type_is_literal(Checker& checker, const Expr&, const Builtin&, const Call* call) {
  return literal_bool(checker.want_constant(*call->arguments[0]) != nullptr);
}

ExprInfo type_fail(Checker& checker, const Expr& expr, const Builtin&, const Call* call) {
  const std::string* format = checker.want_text(*call, 0);
  std::vector<Constant> values;
  std::vector<Type> types;
  for (size_t i = 1; i < call->arguments.size(); i++) {
    const Expr& argument = *call->arguments[i];
    const Constant* constant = checker.want_constant(argument);
    if (!constant && checker.last_round()) {
      checker.error(argument.range, "fail() arguments need to be literals");
    }
    if (!constant) continue;
    values.push_back(*constant);
    types.push_back(checker.info(argument).type);
  }
  bool all_known = values.size() + 1 == call->arguments.size();
  if (!format || !all_known || checker.in_unevaluated()) return {void_type(), {}, {}};
  if (!checker.check_format(*call, expr.range, 0, *format, types)) return {void_type(), {}, {}};
  std::string text;
  size_t next = 0;
  for (const FormatPiece& piece : parse_format(*format)) {
    text += piece.literal;
    if (!piece.conversion.empty()) {
      append_padded(text, piece, converted(piece, values[next++]));
    }
  }
  checker.error(expr.range, text);
  return {void_type(), {}, {}};
}

ExprInfo type_message(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  EventKind kind =
      row.id == BuiltinId::Errorf ? EventKind::ErrorMessage : EventKind::WarningMessage;
  return {void_type(), {}, EventUse{row.id, checker.add_format_event(kind, *call, expr.range, 0)}};
}

// The words are known already: the value is computed here, but it is no literal.
ExprInfo type_getopt(Checker& checker, const Expr& expr, const Builtin&, const Call* call) {
  std::vector<GetoptArgument> arguments;
  for (const ExprPtr& argument : call->arguments) {
    const Constant* constant = checker.want_constant(*argument);
    GetoptArgument known{std::nullopt, argument->range};
    if (constant) known.constant = *constant;
    arguments.push_back(std::move(known));
  }
  ProgramFacts& facts = checker.facts();
  NamedParameters before;
  base::Diagnostics unheard;
  bool last = checker.last_round() && facts.reporter.active();
  const NamedParameter* parameter =
      declare_parameter(arguments, expr.range, last ? facts.result.parameters : before,
                        last ? *facts.reporter.sink() : unheard);
  if (!parameter) return {};
  uint32_t limit = facts.options.config.max_strlen;
  ParameterValue value = parameter_value(*parameter, facts.options.named);
  if (auto* text = std::get_if<std::string>(&value)) *text = text->substr(0, limit - 1);
  return {parameter_type(value, limit), {}, ParameterUse{to_constant(value)}};
}

}  // namespace gimlet::ast::sema
