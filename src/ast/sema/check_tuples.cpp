// Tuples and records (language §5.4, §9).

#include <fmt/format.h>

#include "ast/promote.h"
#include "ast/sema/checker.h"
#include "ast/sema/fold.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {

ExprInfo Checker::visit(const Expr& expr, const TupleAccess& access) {
  Type base = check(*access.base);
  note_operand(*access.base, base);
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
  return element(*access.base, base, access.index);
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

ExprInfo Checker::visit(const Expr&, const Record& record) {
  std::vector<std::pair<std::string, Type>> fields;
  bool known = true;
  for (const Record::Field& field : record.fields) {
    Type type = check_value(*field.value);
    if (is_aggregate(type) || type.is(TypeKind::Void)) {
      error(field.value->range,
            fmt::format("Map type {} cannot exist inside a record.", type_name(type)));
      type = none_type();
    }
    known = known && type.known();
    fields.emplace_back(field.name, std::move(type));
  }
  if (!known) return {};
  return {record_type(fields), {}, {}};
}

ExprInfo Checker::record_field(const Expr& base, const FieldAccess& access, const Type& type) {
  std::vector<std::string> names;
  for (size_t i = 0; i < type.fields->size(); i++) {
    const TupleField& field = (*type.fields)[i];
    if (field.name == access.field) return element(base, type, i);
    names.push_back(field.name);
  }
  auto& report = error(access.field_range,
                       fmt::format("Record does not contain a field named '{}'", access.field));
  if (auto near = base::nearest(access.field, names)) {
    report.hint(fmt::format("Did you mean '{}'?", *near));
  }
  return {};
}

ExprInfo Checker::element(const Expr& base, const Type& type, size_t index) {
  ExprInfo result{*(*type.fields)[index].type, {}, {}};
  if (const Constant* constant = literal_element(base, index)) result.constant = *constant;
  return result;
}

// An element that is written out, or that typeinfo() knows.
const Constant* Checker::literal_element(const Expr& base, size_t index) const {
  const Expr* value = nullptr;
  if (auto* tuple = std::get_if<Tuple>(&base.node)) value = tuple->elements[index].get();
  if (auto* record = std::get_if<Record>(&base.node)) value = record->fields[index].value.get();
  if (value) {
    const auto& constant = info(*value).constant;
    return constant ? &*constant : nullptr;
  }
  auto* use = std::get_if<TypeInfoUse>(&info(base).use);
  return use ? &use->values[index] : nullptr;
}

namespace {

size_t literal_size(const Expr& expr) {
  if (auto* tuple = std::get_if<Tuple>(&expr.node)) return tuple->elements.size();
  if (auto* record = std::get_if<Record>(&expr.node)) return record->fields.size();
  return 0;
}

// Which element of `right` belongs to element `index` of `left`: the one of the same name.
std::optional<size_t> counterpart(const Expr& left, const Expr& right, size_t index) {
  auto* a = std::get_if<Record>(&left.node);
  auto* b = std::get_if<Record>(&right.node);
  if (!a || !b) return index;
  for (size_t i = 0; i < b->fields.size(); i++) {
    if (b->fields[i].name == a->fields[index].name) return i;
  }
  return std::nullopt;
}

}  // namespace

// Nothing if a side is not a literal all through.
std::optional<bool> Checker::literals_equal(const Expr& left, const Expr& right) const {
  size_t size = literal_size(left);
  if (size == 0 || left.node.index() != right.node.index() || literal_size(right) != size) {
    return std::nullopt;
  }
  bool equal = true;
  for (size_t i = 0; i < size; i++) {
    std::optional<size_t> other = counterpart(left, right, i);
    if (!other) return std::nullopt;
    const Constant* a = literal_element(left, i);
    const Constant* b = literal_element(right, *other);
    auto same = a && b ? fold_binary(BinaryOp::Equal, *a, *b) : std::nullopt;
    if (!same || same->error) return std::nullopt;
    equal = equal && std::get<bool>(same->value);
  }
  return equal;
}

}  // namespace gimlet::ast::sema
