#include "ast/promote.h"

#include <algorithm>

namespace gimlet::ast {
namespace {

Type promote_integers(const Type& a, const Type& b) {
  uint32_t wider = std::max(a.size, b.size);
  Type result;
  if (a.is_signed == b.is_signed) {
    result = integer_type(wider, a.is_signed);
    result.flexible = a.flexible && b.flexible;
  } else if (a.flexible || b.flexible) {
    result = integer_type(wider, a.flexible ? b.is_signed : a.is_signed);
  } else {
    const Type& with_sign = a.is_signed ? a : b;
    const Type& without = a.is_signed ? b : a;
    uint32_t bytes = with_sign.size > without.size ? with_sign.size : without.size * 2;
    result = integer_type(std::min<uint32_t>(bytes, 8), true);
  }
  if (a.clock == b.clock) result.clock = a.clock;
  if (a.space == b.space) result.space = a.space;
  return result;
}

// A value that may come from elsewhere than an array of characters may have been cut.
Type promote_strings(const Type& a, const Type& b) {
  Type longer = a.size >= b.size ? a : b;
  if (a.size == b.size && a.length != b.length) longer.length = 0;
  return longer;
}

std::optional<Type> promote_pointers(const Type& a, const Type& b) {
  if (same_type(a, b)) return a;
  if (a.element->is(TypeKind::Void)) return a;
  if (b.element->is(TypeKind::Void)) return b;
  std::optional<Type> pointee = promote(*a.element, *b.element);
  if (!pointee) return std::nullopt;
  return pointer_to(*pointee, a.space);
}

std::optional<Type> promote_tuples(const Type& a, const Type& b) {
  if (a.fields->size() != b.fields->size()) return std::nullopt;
  std::vector<Type> elements;
  for (size_t i = 0; i < a.fields->size(); i++) {
    std::optional<Type> element = promote(*(*a.fields)[i].type, *(*b.fields)[i].type);
    if (!element) return std::nullopt;
    elements.push_back(std::move(*element));
  }
  return tuple_type(elements);
}

const TupleField* find_field(const Type& record, const std::string& name) {
  for (const TupleField& field : *record.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

// By name; the order that is stored already stays.
std::optional<Type> promote_records(const Type& a, const Type& b) {
  if (a.fields->size() != b.fields->size()) return std::nullopt;
  std::vector<std::pair<std::string, Type>> fields;
  for (const TupleField& field : *a.fields) {
    const TupleField* other = find_field(b, field.name);
    std::optional<Type> type = other ? promote(*field.type, *other->type) : std::nullopt;
    if (!type) return std::nullopt;
    fields.emplace_back(field.name, std::move(*type));
  }
  return record_type(fields);
}

// An array of unknown length is compatible with every other of its elements.
std::optional<Type> promote_arrays(const Type& a, const Type& b) {
  if (!same_type(*a.element, *b.element)) return std::nullopt;
  if (a.length == b.length || b.length == 0) return a;
  if (a.length == 0) return b;
  return std::nullopt;
}

}  // namespace

std::optional<Type> promote(const Type& stored, const Type& arriving) {
  if (!stored.known()) return arriving;
  if (!arriving.known()) return stored;
  auto integral = [](const Type& t) { return t.is(TypeKind::Integer) || t.is(TypeKind::Enum); };
  if (integral(stored) && integral(arriving)) {
    if (same_type(stored, arriving) && stored.is(TypeKind::Enum)) return stored;
    return promote_integers(as_integer(stored), as_integer(arriving));
  }
  if (stored.kind != arriving.kind) return std::nullopt;
  switch (stored.kind) {
    case TypeKind::String: return promote_strings(stored, arriving);
    case TypeKind::Buffer: return stored.size >= arriving.size ? stored : arriving;
    case TypeKind::Pointer: return promote_pointers(stored, arriving);
    case TypeKind::Tuple: return promote_tuples(stored, arriving);
    case TypeKind::Record: return promote_records(stored, arriving);
    case TypeKind::Array: return promote_arrays(stored, arriving);
    case TypeKind::Sum:
    case TypeKind::Min:
    case TypeKind::Max:
    case TypeKind::Avg:
    case TypeKind::Stats: return stored.is_signed ? stored : arriving;
    case TypeKind::TSeries:
      if (stored.series != arriving.series) return std::nullopt;
      return stored.is_signed ? stored : arriving;
    default:
      if (same_type(stored, arriving)) return stored;
      return std::nullopt;
  }
}

bool promotion_loses(const Type& stored, const Type& arriving) {
  if (!stored.is(TypeKind::Integer) || !arriving.is(TypeKind::Integer)) return false;
  if (stored.is_signed == arriving.is_signed || stored.flexible || arriving.flexible) return false;
  return std::max(stored.size, arriving.size) == 8 &&
         (stored.is_signed ? arriving.size : stored.size) == 8;
}

bool integer_fits(const Type& from, const Type& to) {
  if (from.is_signed == to.is_signed || from.flexible) return from.size <= to.size;
  return !from.is_signed && to.is_signed && from.size < to.size;
}

Type as_operand(const Type& type) {
  if (!is_castable_aggregate(type)) return type;
  return integer_type(8, !type.is(TypeKind::Count) ? type.is_signed : false);
}

Type as_integer(const Type& type) {
  if (type.is(TypeKind::Bool)) return integer_type(1, false);
  if (type.is(TypeKind::Enum)) return integer_type(type.size, type.is_signed);
  return as_operand(type);
}

Type arithmetic_type(const Type& left, const Type& right, bool is_subtraction) {
  Type a = as_integer(left);
  Type b = as_integer(right);
  // A literal takes on the sign of the other side; two literals count as signed.
  bool a_signed = a.flexible ? (b.flexible || b.is_signed) : a.is_signed;
  bool b_signed = b.flexible ? (a.flexible || a.is_signed) : b.is_signed;
  return integer_type(8, is_subtraction || a_signed || b_signed);
}

bool compares_signed(const Type& left, const Type& right) {
  return promote_integers(as_integer(left), as_integer(right)).is_signed;
}

}  // namespace gimlet::ast
