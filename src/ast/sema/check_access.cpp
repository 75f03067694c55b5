// Memory access and casts (language §5.2, §7, §8).

#include <fmt/format.h>

#include <algorithm>

#include "ast/promote.h"
#include "ast/sema/checker.h"
#include "ast/sema/fold.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

struct PlainName {
  const char* name;
  uint32_t bytes;
  bool is_signed;
};

// Integer types that need no look-up: the language's own names and the usual C spellings.
constexpr PlainName kPlainNames[] = {
    {"int8", 1, true},      {"int16", 2, true},     {"int32", 4, true},     {"int64", 8, true},
    {"uint8", 1, false},    {"uint16", 2, false},   {"uint32", 4, false},   {"uint64", 8, false},
    {"u8", 1, false},       {"u16", 2, false},      {"u32", 4, false},      {"u64", 8, false},
    {"s8", 1, true},        {"s16", 2, true},       {"s32", 4, true},       {"s64", 8, true},
    {"uint8_t", 1, false},  {"uint16_t", 2, false}, {"uint32_t", 4, false}, {"uint64_t", 8, false},
    {"int8_t", 1, true},    {"int16_t", 2, true},   {"int32_t", 4, true},   {"int64_t", 8, true},
    {"char", 1, true},      {"short", 2, true},     {"int", 4, true},       {"long", 8, true},
    {"size_t", 8, false},   {"ssize_t", 8, true},   {"pid_t", 4, true},     {"uintptr_t", 8, false},
    {"unsigned", 4, false},
};

// The unsized name, or the type with a size taken from a following `[N]`.
std::optional<Type> sized_name(const TypeSpec& spec, size_t& used_suffixes) {
  bool is_string = spec.name == "string", is_buffer = spec.name == "buffer";
  if (!is_string && !is_buffer) return std::nullopt;
  uint32_t size = 0;
  if (!spec.suffixes.empty() && !spec.suffixes[0].pointer && spec.suffixes[0].length) {
    size = static_cast<uint32_t>(*spec.suffixes[0].length);
    used_suffixes = 1;
  }
  return is_string ? string_type(size) : buffer_type(size);
}

const Type& innermost(const Type& type) {
  const Type* t = &type;
  while (t->is(TypeKind::Pointer)) t = t->element.get();
  return *t;
}

}  // namespace

const StructLayout* Checker::layout_of(const Type& type) {
  return type.is(TypeKind::Struct) ? facts_.kernel.find_struct(type.name) : nullptr;
}

void Checker::unknown_struct(SourceRange range, const std::string& tagged) {
  if (!facts_.reporter.active()) return;
  auto& report = error(range, fmt::format("Unknown struct/union: '{}'", tagged));
  if (!facts_.kernel.has_btf()) {
    report.hint(
        "Include headers with missing type definitions or install BTF information to your "
        "system.");
  } else if (auto near = base::nearest(tagged, facts_.kernel.struct_names())) {
    report.hint(fmt::format("Did you mean '{}'?", *near));
  }
}

Type Checker::resolve_name(const TypeSpec& spec) {
  if (spec.tag == TypeSpec::Tag::Struct || spec.tag == TypeSpec::Tag::Union) {
    std::string tagged = (spec.tag == TypeSpec::Tag::Struct ? "struct " : "union ") + spec.name;
    if (const StructLayout* layout = facts_.kernel.find_struct(tagged)) {
      return struct_type(tagged, layout->size);
    }
    unknown_struct(spec.range, tagged);
    return {};
  }
  if (spec.tag == TypeSpec::Tag::Enum) {
    if (const EnumLayout* layout = facts_.kernel.find_enum("enum " + spec.name)) {
      return enum_type(layout->name, layout->size, layout->is_signed);
    }
    error(spec.range, fmt::format("Unknown enum: {}", spec.name));
    return {};
  }
  for (const PlainName& plain : kPlainNames) {
    if (spec.name == plain.name) return integer_type(plain.bytes, plain.is_signed);
  }
  if (spec.name == "bool") return bool_type();
  if (spec.name == "void") return void_type();
  if (spec.name == "username_t") {
    Type type = integer_type(8, false);
    type.kind = TypeKind::Username;
    return type;
  }
  if (auto type = facts_.kernel.find_type(spec.name)) return *type;
  error(spec.range, fmt::format("Cannot resolve unknown type \"{}\"", spec.name));
  return {};
}

Type Checker::resolve(const TypeSpec& spec) {
  size_t next = 0;
  std::optional<Type> sized = sized_name(spec, next);
  Type type = sized ? *sized : resolve_name(spec);
  if (!type.known()) return type;
  for (; next < spec.suffixes.size(); next++) {
    const TypeSpec::Suffix& suffix = spec.suffixes[next];
    type = suffix.pointer
               ? pointer_to(std::move(type))
               : array_of(std::move(type), static_cast<uint32_t>(suffix.length.value_or(0)));
  }
  return type;
}

void Checker::unknown_field(const FieldAccess& access, const StructLayout& layout) {
  std::vector<std::string> names;
  for (const Field& field : layout.fields) names.push_back(field.name);
  auto& report = error(access.field_range,
                       fmt::format("Struct/union of type '{}' does not contain a field named '{}'",
                                   layout.name, access.field));
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
    error(access.field_range,
          fmt::format("Field '{}' has a type that cannot be read", access.field));
    return {};
  }
  return {field->type, {}, FieldUse{*field, true}};
}

ExprInfo Checker::visit(const Expr& expr, const FieldAccess& access) {
  Type base = check(*access.base);
  auto* use = std::get_if<BuiltinUse>(&info(*access.base).use);
  if (use && use->id == BuiltinId::Args) return context_field(access);
  if (!base.known()) return {};
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
    error(access.field_range,
          fmt::format("Field '{}' has a type that cannot be read", access.field));
    return {};
  }
  Type type = field->type;
  AddressSpace space = structure.space == AddressSpace::User ? structure.space : base.space;
  // A pointer that BTF tags as a user pointer leads into user memory whatever it is read from.
  if (type.space != AddressSpace::User || !type.is(TypeKind::Pointer)) type.space = space;
  return {type, {}, FieldUse{*field, false}};
}

ExprInfo Checker::visit(const Expr& expr, const TupleAccess& access) {
  Type base = check(*access.base);
  if (!base.known()) return {};
  if (!base.is(TypeKind::Tuple)) {
    error(expr.range, fmt::format("Can not access index '{}' on expression of type '{}'",
                                  access.index, type_name(base)));
    return {};
  }
  if (access.index >= base.fields->size()) {
    error(access.index_range, "Invalid tuple index");
    return {};
  }
  return {*(*base.fields)[access.index].type, {}, {}};
}

ExprInfo Checker::visit(const Expr&, const Tuple& tuple) {
  std::vector<Type> elements;
  bool known = true;
  for (const ExprPtr& element : tuple.elements) {
    Type type = check_value(*element);
    if (is_aggregate(type) || type.is(TypeKind::Void)) {
      error(element->range,
            fmt::format("Map type {} cannot exist inside a tuple.", type_name(type)));
      type = none_type();
    }
    known = known && type.known();
    elements.push_back(std::move(type));
  }
  if (!known) return {};
  return {tuple_type(elements), {}, {}};
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

ExprInfo Checker::visit(const Expr& expr, const Index& access) {
  Type base = check(*access.base);
  Type index = check_value(*access.index);
  if (!base.known() || !index.known()) return {};
  check_index(*access.index, index);
  const auto& known = info(*access.index).constant;
  auto* literal = known ? std::get_if<IntegerConstant>(&*known) : nullptr;
  auto check_bound = [&](uint64_t length) {
    if (!literal || literal->bits < length) return;
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
      return {element, {}, {}};
    }
    case TypeKind::String: check_bound(base.size); return {integer_type(1, true), {}, {}};
    case TypeKind::Tuple:
      if (!literal) {
        error(access.index->range, "Array-style access for tuples only valid for integer literals");
        return {};
      }
      if (literal->bits >= base.fields->size()) {
        error(access.index->range, "Invalid tuple index");
        return {};
      }
      return {*(*base.fields)[literal->bits].type, {}, {}};
    default:
      error(expr.range,
            "The array index operator [] can only be used on arrays, pointers, and tuples");
      return {};
  }
}

ExprInfo Checker::visit(const Expr& expr, const Cast& cast) {
  Type from = check(*cast.operand);
  Type target = resolve(cast.type);
  if (!target.known()) return {};
  if (!from.known()) return {target, {}, {}};
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
  switch (target.kind) {
    case TypeKind::Integer:
      return number || from.is(TypeKind::Pointer) || (bytes && from.size == target.size);
    case TypeKind::Bool: return number || from.is(TypeKind::Pointer);
    case TypeKind::Enum:
    case TypeKind::Username: return from.is(TypeKind::Integer);
    case TypeKind::Pointer:
      return number || from.is(TypeKind::Pointer) || from.is(TypeKind::String);
    case TypeKind::String: return from.is(TypeKind::String) && target.size >= from.size;
    default: return false;
  }
}

}  // namespace

ExprInfo Checker::cast_to(const Cast& cast, const Expr& expr, const Type& target_type,
                          const Type& from) {
  Type target = target_type;
  if (target.is(TypeKind::Array)) {
    error(cast.type.range, "casts to array types are not supported yet");
    return {};
  }
  if (!castable(target, from)) {
    error(expr.range,
          fmt::format("Cannot cast from \"{}\" to \"{}\"", type_name(from), type_name(target)));
    return {};
  }
  const auto& constant = info(*cast.operand).constant;
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
    const EnumLayout* layout = facts_.kernel.find_enum(target.name);
    auto value = static_cast<int64_t>(std::get<IntegerConstant>(*constant).bits);
    bool named = layout && std::any_of(layout->values.begin(), layout->values.end(),
                                       [&](const auto& v) { return v.second == value; });
    if (!named) {
      error(expr.range,
            fmt::format("Enum: {} doesn't contain a variant value of {}", target.name, value));
    }
  }
  return {target, {}, {}};
}

}  // namespace gimlet::ast::sema
