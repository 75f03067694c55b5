// Memory access: fields, elements, and the context (language §7).

#include <fmt/format.h>

#include <algorithm>

#include "ast/promote.h"
#include "ast/sema/checker.h"
#include "ast/sema/fold.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

const Type& innermost(const Type& type) {
  const Type* t = &type;
  while (t->is(TypeKind::Pointer)) t = t->element.get();
  return *t;
}

}  // namespace

const StructLayout* Checker::layout_of(const Type& type) {
  return type.is(TypeKind::Struct) ? facts_.types.find_struct(type.name) : nullptr;
}

Type Checker::sized_pointer(const Type& pointer) {
  Type element = *pointer.element;
  if (const StructLayout* layout = layout_of(element)) element.size = layout->size;
  return pointer_to(element, pointer.space);
}

void Checker::unknown_field(const FieldAccess& access, const StructLayout& layout) {
  std::vector<std::string> names;
  for (const Field& field : layout.fields) names.push_back(field.name);
  auto& report = error(access.field_range,
                       fmt::format("Struct/union of type '{}' does not contain a field named '{}'",
                                   type_name(struct_type(layout.name, 0)), access.field));
  if (auto near = base::nearest(access.field, names)) {
    report.hint(fmt::format("Did you mean '{}'?", *near));
  }
}

ExprInfo Checker::context_field(const FieldAccess& access) {
  if (!probe_.context) return {};
  const StructLayout& layout = *probe_.context;
  const Field* field = layout.find(access.field);
  if (!field && probe_.provider == ProviderId::Tracepoint) {
    unknown_field(access, layout);
    return {};
  }
  if (!field) {
    std::vector<std::string> names;
    for (const Field& f : layout.fields) names.push_back(f.name);
    auto& report =
        error(access.field_range, fmt::format("Can't find function parameter {}", access.field));
    if (auto near = base::nearest(access.field, names)) {
      report.hint(fmt::format("Did you mean '{}'?", *near));
    }
    return {};
  }
  if (probe_.provider == ProviderId::Tracepoint && field->offset < 8) {
    error(access.field_range, "BPF does not support accessing common tracepoint fields");
    return {};
  }
  if (!field->type.known()) {
    unreadable_field(access, *field);
    return {};
  }
  return {field->type, {}, FieldUse{*field, true}};
}

void Checker::unreadable_field(const FieldAccess& access, const Field& field) {
  if (field.type.name.empty()) {
    auto& report = error(access.field_range,
                         fmt::format("Field '{}' has a type that cannot be read", access.field));
    if (probe_.provider == ProviderId::Uprobe) {
      report.hint("It is floating point, or optimization has left it out or taken it apart.");
    }
    return;
  }
  error(access.field_range, fmt::format("pointer field '{}' with unsupported tag attribute: {}",
                                        access.field, field.type.name));
}

ExprInfo Checker::visit(const Expr& expr, const FieldAccess& access) {
  Type base = check(*access.base);
  note_operand(*access.base, base);
  auto* use = std::get_if<BuiltinUse>(&info(*access.base).use);
  if (use && use->id == BuiltinId::Args) return context_field(access);
  if (!base.known()) return {};
  if (base.is(TypeKind::Record)) return record_field(*access.base, access, base);
  return field_of(expr, access, base);
}

ExprInfo Checker::field_of(const Expr& expr, const FieldAccess& access, const Type& base) {
  const Type& structure = innermost(base);
  const StructLayout* layout = layout_of(structure);
  if (!layout) {
    if (structure.is(TypeKind::Struct)) {
      unknown_struct(expr.range, structure.name);
    } else {
      error(expr.range, fmt::format("Can not access field '{}' on expression of type '{}'",
                                    access.field, type_name(base)));
    }
    return {};
  }
  const Field* field = layout->find(access.field);
  if (!field) {
    unknown_field(access, *layout);
    return {};
  }
  if (!field->type.known()) {
    unreadable_field(access, *field);
    return {};
  }
  if (base.is(TypeKind::Pointer)) note_read(base, expr.range);
  Type type = field->type;
  AddressSpace space = structure.space == AddressSpace::User ? structure.space : base.space;
  // A pointer that BTF tags as a user pointer leads into user memory whatever it is read from.
  if (type.space != AddressSpace::User || !type.is(TypeKind::Pointer)) type.space = space;
  return {type, {}, FieldUse{*field, false}};
}

void Checker::check_index(const Expr& index, const Type& type) {
  auto* constant =
      info(index).constant ? std::get_if<IntegerConstant>(&*info(index).constant) : nullptr;
  bool allowed = type.is(TypeKind::Integer) && (!type.is_signed || type.flexible) &&
                 !(constant && constant->negative);
  if (type.known() && !allowed) {
    error(index.range, "The array index operator [] only accepts non-negative integer indices.");
  }
}

ExprInfo Checker::string_element(const Expr& base, const Type& type, const IntegerConstant* literal,
                                 const Expr& index) {
  ExprInfo result{integer_type(1, true), {}, {}};
  if (!literal) return result;
  if (literal->negative) return result;
  if (literal->bits >= type.size) {
    error(index.range, fmt::format("the index {} is out of bounds for array of size {}",
                                   literal->bits, type.size));
    return result;
  }
  const auto& known = info(base).constant;
  if (auto* text = known ? std::get_if<std::string>(&*known) : nullptr) {
    char byte = literal->bits < text->size() ? (*text)[literal->bits] : '\0';
    int64_t value = static_cast<signed char>(byte);
    result.constant = IntegerConstant{static_cast<uint64_t>(value), value < 0};
  }
  return result;
}

// A pointer of no known address space is read by the helper that guesses.
void Checker::note_read(const Type& pointer, SourceRange range) {
  if (pointer.space != AddressSpace::None || unevaluated_ > 0) return;
  if (!last_round() || facts_.warned_address_space) return;
  facts_.warned_address_space = true;
  warning(range, "Addrspace is not set").hint("say which one is meant with kptr(...) or uptr(...)");
}

ExprInfo Checker::visit(const Expr& expr, const Index& access) {
  Type base = check(*access.base);
  note_operand(*access.base, base);
  Type index = check_value(*access.index);
  if (!base.known() || !index.known()) return {};
  check_index(*access.index, index);
  const auto& known = info(*access.index).constant;
  auto* literal = known ? std::get_if<IntegerConstant>(&*known) : nullptr;
  auto check_bound = [&](uint64_t length) {
    if (!literal || literal->negative || literal->bits < length) return;
    error(access.index->range,
          fmt::format("the index {} is out of bounds for array of size {}", literal->bits, length));
  };
  switch (base.kind) {
    case TypeKind::Array: {
      if (base.length > 0) check_bound(base.length);
      Type element = *base.element;
      if (element.space != AddressSpace::User) element.space = base.space;
      return {element, {}, {}};
    }
    case TypeKind::Pointer: {
      Type element = *base.element;
      if (const StructLayout* layout = layout_of(element)) element.size = layout->size;
      if (element.size == 0) {
        error(expr.range, fmt::format("The array index operator [] cannot be used on a pointer to "
                                      "an unsized type ({})",
                                      type_name(base)));
        return {};
      }
      if (element.space != AddressSpace::User) element.space = base.space;
      note_read(base, expr.range);
      return {element, {}, {}};
    }
    case TypeKind::String: return string_element(*access.base, base, literal, *access.index);
    case TypeKind::Tuple:
      if (!literal) {
        error(access.index->range, "Array-style access for tuples only valid for integer literals");
        return {};
      }
      if (literal->bits >= base.fields->size()) {
        error(access.index->range, "Invalid tuple index");
        return {};
      }
      return element(*access.base, base, literal->bits);
    default:
      error(expr.range,
            "The array index operator [] can only be used on arrays, pointers, and tuples");
      return {};
  }
}

}  // namespace gimlet::ast::sema
