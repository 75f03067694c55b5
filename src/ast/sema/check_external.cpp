// Calls of imported functions (language §14.6): as many arguments as parameters, integers cast to
// the parameters' types, pointers to the same type.
//
// Two kinds of pointers are not compared: those to void, as in C (`&@m` is one), and those to types
// that only the imported code knows.

#include <fmt/format.h>

#include "ast/promote.h"
#include "ast/sema/checker.h"
#include "ast/sema/fold.h"

namespace gimlet::ast::sema {

bool Checker::is_known_pointee(const Type& type) {
  if (type.is(TypeKind::Pointer)) return is_known_pointee(*type.element);
  if (!type.is(TypeKind::Struct)) return !type.is(TypeKind::Void);
  return facts_.types.find_struct(type.name) != nullptr;
}

void Checker::check_external_argument(const Expr& argument, const ExternalParameter& parameter,
                                      size_t number) {
  const Type type = info(argument).type;
  const Type& wanted = parameter.type;
  const std::string name = parameter.name.empty() ? std::to_string(number + 1) : parameter.name;
  bool fits = false;
  if (wanted.is(TypeKind::Pointer)) {
    fits = type.is(TypeKind::Pointer) &&
           (type.element->is(TypeKind::Void) || !is_known_pointee(*wanted.element) ||
            same_type(*wanted.element, *type.element));
  } else {
    fits = is_integer_like(type);
  }
  if (!fits) {
    if (!type.known()) return;
    error(argument.range, fmt::format("Expected {} for argument `{}` got {}", type_name(wanted),
                                      name, type_name(type)));
    return;
  }
  const auto& constant = info(argument).constant;
  auto* literal = constant ? std::get_if<IntegerConstant>(&*constant) : nullptr;
  if (literal && wanted.is(TypeKind::Integer) && !in_range(*literal, wanted)) {
    warn_of_cast(argument.range, as_integer(type), wanted);
  } else {
    warn_implicit_cast(argument, as_integer(type), wanted);
  }
}

ExprInfo Checker::call_external(const Expr& expr, const Call& call, uint32_t number) {
  const ExternalFunction& function = facts_.result.external.functions[number];
  const auto& parameters = function.parameters;
  for (const ExprPtr& argument : call.arguments) check_value(*argument);
  if (call.arguments.size() != parameters.size()) {
    error(expr.range, fmt::format("Function `{}` requires {} arguments, got only {}", call.name,
                                  parameters.size(), call.arguments.size()));
    return {};
  }
  for (size_t i = 0; i < parameters.size(); i++) {
    if (!is_scalar(parameters[i].type)) {
      error(expr.range, fmt::format("Function `{}` cannot be called: the type of argument `{}` is "
                                    "not supported",
                                    call.name, parameters[i].name))
          .hint("integers and pointers to data can be passed");
      return {};
    }
    check_external_argument(*call.arguments[i], parameters[i], i);
  }
  if (!is_scalar(function.result) && !function.result.is(TypeKind::Void)) {
    error(expr.range,
          fmt::format("Function `{}` cannot be called: the type of its result is not supported",
                      call.name))
        .hint("integers and pointers to data can be returned");
    return {};
  }
  return {function.result, {}, ExternalUse{number}};
}

}  // namespace gimlet::ast::sema
