// Casts (language §8).

#include <fmt/format.h>

#include <algorithm>

#include "ast/promote.h"
#include "ast/sema/checker.h"

namespace gimlet::ast::sema {

ExprInfo Checker::visit(const Expr& expr, const Cast& cast) {
  Type from = check(*cast.operand);
  const size_t errors = facts_.reporter.error_count();
  Type target = resolve(cast.type);
  if (!target.known()) {
    if (facts_.reporter.error_count() == errors) {
      error(cast.type.range, "Incomplete cast, unknown type");
    }
    return {};
  }
  if (!from.known()) {
    if (last_round() && facts_.error_count() == 0) {
      error(expr.range, fmt::format("Cannot cast from \"none\" to \"{}\"", type_name(target)));
    }
    return {target, {}, {}};
  }
  if (is_castable_aggregate(from)) {
    from = as_operand(from);
    probe_.expressions[cast.operand->id].type = from;
  }
  return cast_to(cast, expr, target, from);
}

namespace {

bool castable(const Type& target, const Type& from) {
  bool number = from.is(TypeKind::Integer) || from.is(TypeKind::Enum) || from.is(TypeKind::Bool);
  bool bytes = from.is(TypeKind::Array) && from.element->is(TypeKind::Integer);
  bool text = from.is(TypeKind::String);
  switch (target.kind) {
    case TypeKind::Array:
      if (!target.element->is(TypeKind::Integer) && !target.element->is(TypeKind::Bool))
        return false;
      if (from.is(TypeKind::Integer))
        return from.size == target.size || (from.size < target.size && target.size <= 8);
      return text && from.size == target.size;
    case TypeKind::Integer:
      return number || from.is(TypeKind::Pointer) || (bytes && from.size == target.size);
    case TypeKind::Bool: return number || from.is(TypeKind::Pointer) || text;
    case TypeKind::Enum:
    case TypeKind::Username: return from.is(TypeKind::Integer);
    case TypeKind::Pointer:
      return number || from.is(TypeKind::Pointer) || from.is(TypeKind::String);
    case TypeKind::String: return from.is(TypeKind::String) && target.size >= from.size;
    default: return false;
  }
}

}  // namespace

// `T[]` takes its length from what is cast.
bool Checker::fix_array(const Cast& cast, const Type& from, Type& target) {
  if (target.length > 0 || target.element->size == 0) return true;
  if (from.size % target.element->size != 0) {
    error(cast.type.range, "Cannot determine array size");
    return false;
  }
  target = array_of(*target.element, from.size / target.element->size);
  return true;
}

ExprInfo Checker::cast_to(const Cast& cast, const Expr& expr, const Type& target_type,
                          const Type& from) {
  Type target = target_type;
  if (target.is(TypeKind::Array) && !fix_array(cast, from, target)) return {};
  if (!castable(target, from)) {
    error(expr.range, from.is(TypeKind::Struct)
                          ? fmt::format("Cannot cast from C type \"{}\"", type_name(from))
                          : fmt::format("Cannot cast from \"{}\" to \"{}\"", type_name(from),
                                        type_name(target)));
    return {};
  }
  const auto& constant = info(*cast.operand).constant;
  if (auto* text = constant ? std::get_if<std::string>(&*constant) : nullptr) {
    if (target.is(TypeKind::Bool)) return {target, !text->empty(), {}};
  }
  if (same_type(target, from) && !constant &&
      !std::holds_alternative<MapUse>(info(*cast.operand).use)) {
    warning(expr.range,
            fmt::format("Unnecessary cast: expression is already of type {}", type_name(target)));
  }
  if (from.space != AddressSpace::None) {
    target.space = from.space;
  } else if (target.is(TypeKind::Pointer)) {
    target.space = provider().space;
    bool syscall = probe_.provider == ProviderId::Tracepoint && probe_.context &&
                   probe_.context->name.starts_with("args:syscalls:");
    if (syscall) target.space = AddressSpace::User;
  }
  if (constant && target.is(TypeKind::Enum)) {
    const EnumLayout* layout = facts_.types.find_enum(target.name);
    auto value = static_cast<int64_t>(std::get<IntegerConstant>(*constant).bits);
    bool named = layout && std::any_of(layout->values.begin(), layout->values.end(),
                                       [&](const auto& v) { return v.second == value; });
    if (!named) {
      error(expr.range, fmt::format("Enum: {} doesn't contain a variant value of {}",
                                    target.name.substr(std::string("enum ").size()), value));
    }
  }
  return {target, {}, {}};
}

}  // namespace gimlet::ast::sema
