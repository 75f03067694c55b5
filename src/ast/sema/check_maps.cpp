// Maps: their shape, their key and value types, and assignments to them (language §11, §12).

#include <fmt/format.h>

#include <algorithm>

#include "ast/promote.h"
#include "ast/sema/checker.h"

namespace gimlet::ast::sema {
namespace {

bool can_be_key(const Type& type) { return !type.is(TypeKind::Void) && !is_aggregate(type); }

// What is wrong with an aggregation that divides its values differently than the map's.
const char* different_bounds(TypeKind kind) {
  switch (kind) {
    case TypeKind::Hist: return "Different bits in a single hist unsupported";
    case TypeKind::TSeries: return "Different tseries bounds in a single map unsupported";
    default: return "Different lhist bounds in a single map unsupported";
  }
}

}  // namespace

bool Checker::note_shape(uint32_t map, bool keyed, SourceRange range) {
  MapFacts& facts = facts_.maps[map];
  if (facts.shape_known) return facts.keyed == keyed;
  facts.shape_known = true;
  facts.keyed = keyed;
  facts.first_use = range;
  return true;
}

uint32_t Checker::use_map(const MapAccess& access, SourceRange range) {
  uint32_t map = facts_.map_number(access.name, access.name_range);
  bool keyed = !access.keys.empty();
  if (!note_shape(map, keyed, access.name_range)) {
    const char* now =
        keyed ? "with an explicit key (non-scalar map)" : "without an explicit key (scalar map)";
    const char* before =
        keyed ? "without an explicit key (scalar map)" : "with an explicit key (non-scalar map)";
    auto& report = error(
        range, fmt::format("{} used as a map {}, previously used {}", access.name, now, before));
    facts_.point_at_origin(report, facts_.maps[map]);
    for (const ExprPtr& key : access.keys) check(*key);
    return map;
  }
  if (!keyed) return map;
  if (access.keys.size() == 1) {
    use_key(map, *access.keys[0]);
    return map;
  }
  std::vector<Type> elements;
  bool known = true;
  for (const ExprPtr& key : access.keys) {
    elements.push_back(check_value(*key));
    known = known && elements.back().known();
    if (holds_context(*key)) error(key->range, "context cannot be part of a map key");
    if (!can_be_key(elements.back())) {
      error(key->range, fmt::format("{} cannot be part of a map key", type_name(elements.back())));
      known = false;
    }
  }
  if (!known) return map;
  Type type = tuple_type(elements);
  if (!facts_.widen(facts_.maps[map].key, type)) {
    auto& report = error(
        range, fmt::format("Argument mismatch for {}: trying to access with arguments: '{}' when "
                           "map expects arguments: '{}'",
                           access.name, type_name(type), type_name(facts_.maps[map].key)));
    facts_.point_at_origin(report, facts_.maps[map]);
  }
  return map;
}

void Checker::use_key(uint32_t map, const Expr& key) {
  Type type = check_value(key);
  MapFacts& facts = facts_.maps[map];
  if (!type.known()) return;
  auto* use = std::get_if<BuiltinUse>(&info(key).use);
  const bool whole_args = use && use->id == BuiltinId::Args && type.size == 0;
  if (whole_args || holds_context(key)) {
    error(key.range, "context cannot be part of a map key");
    return;
  }
  if (type.size == 0) {
    error(key.range, fmt::format("Invalid map key type: {}", type_name(type)))
        .hint("it has no bytes, so all keys would be the same");
    return;
  }
  if (!can_be_key(type)) {
    error(key.range, fmt::format("Value '{}' cannot be used as a map key.", type_name(type)));
    return;
  }
  if (!facts_.widen(facts.key, type)) {
    auto& report =
        error(key.range, fmt::format("Argument mismatch for {}: trying to access with arguments: "
                                     "'{}' when map expects arguments: '{}'",
                                     facts.name, type_name(type), type_name(facts.key)));
    facts_.point_at_origin(report, facts);
  }
}

ExprInfo Checker::visit(const Expr& expr, const MapAccess& access) {
  uint32_t map = use_map(access, expr.range);
  facts_.maps[map].read = true;
  return {map_value(map), {}, MapUse{map}};
}

namespace {

// What a value comes down to: the last expression of the innermost block.
const Expr& last_expression(const Expr& value) {
  auto* block = std::get_if<BlockExpr>(&value.node);
  return block && block->block.value ? last_expression(*block->block.value) : value;
}

const Builtin* aggregation(const Expr& expr) {
  auto* call = std::get_if<Call>(&expr.node);
  const Builtin* row = call ? find_builtin(call->name) : nullptr;
  return row && row->mode == BuiltinMode::Aggregation ? row : nullptr;
}

}  // namespace

bool Checker::holds_context(const Expr& value) const {
  const Expr& last = last_expression(value);
  auto inside = [&](const ExprPtr& part) { return part && holds_context(*part); };
  if (auto* tuple = std::get_if<Tuple>(&last.node)) {
    return std::ranges::any_of(tuple->elements, inside);
  }
  if (auto* record = std::get_if<Record>(&last.node)) {
    return std::ranges::any_of(record->fields, inside, &Record::Field::value);
  }
  if (auto* choice = std::get_if<Ternary>(&last.node)) {
    return inside(choice->then) || inside(choice->otherwise);
  }
  auto* builtin = std::get_if<BuiltinUse>(&info(last).use);
  auto* variable = std::get_if<VariableUse>(&info(last).use);
  return (builtin && builtin->id == BuiltinId::Ctx) ||
         (variable && contexts_.contains(variable->variable));
}

bool Checker::is_assigned_aggregate(const Expr& value) const {
  return aggregate_ && &last_expression(value) == aggregate_;
}

void Checker::assign_map(const Expr& target, const MapAccess& access, const Expr& value) {
  const Expr& last = last_expression(value);
  if (aggregation(last)) return assign_aggregate(target, access, value, last);
  check_unevaluated_store(target);
  Type type = check(value);
  uint32_t map = use_map(access, target.range);
  note_update(map);
  auto* source = std::get_if<MapUse>(&info(value).use);
  if (source && is_aggregate(type)) {
    bool integer_target = facts_.maps[map].value.is(TypeKind::Integer);
    if (!integer_target || !is_castable_aggregate(type)) {
      auto& report = error(
          value.range, fmt::format("Map value '{}' cannot be assigned from one map to another. "
                                   "The function that returns this type must be called directly",
                                   type_name(type)));
      if (is_castable_aggregate(type)) {
        report.hint("Add a cast to integer if you want the value of the aggregate, e.g. `" +
                    access.name + " = (int64)" + std::get<MapAccess>(value.node).name + ";`");
      }
      return;
    }
  }
  store_map(map, as_operand(type), value.range, constant_of(value));
  probe_.expressions.set(target.id, {map_value(map), {}, MapUse{map}});
}

void Checker::store_map(uint32_t map, const Type& type, SourceRange range,
                        const Constant* constant) {
  MapFacts& facts = facts_.maps[map];
  if (type.is(TypeKind::Void)) {
    error(range, "Value 'void' cannot be assigned to a map.");
    return;
  }
  if (!type.known()) {
    if (last_round() && facts_.error_count() == 0) {
      error(range, "Invalid expression for assignment");
    }
    return;
  }
  if (type.size == 0) {
    error(range, fmt::format("Value '{}' cannot be assigned to a map.", type_name(type)))
        .hint("it has no bytes that a map could hold");
    return;
  }
  bool fits = false;
  if (facts.locked) {
    std::optional<Type> wider = promote(facts.value, type);
    fits = wider && (!facts.value.known() || same_type(*wider, facts.value));
  } else {
    fits = facts_.widen(facts.value, type);
  }
  if (fits && check_stored(range, constant, type, facts.value)) return;
  if (facts.locked) {
    error(range, "this type has been locked")
        .hint("a compile-time condition rests on it; assign before, or cast");
    return;
  }
  auto& report =
      error(range, fmt::format("Type mismatch for {}: trying to assign value of type '{}' "
                               "when map already has a type '{}'",
                               facts.name, type_name(type), type_name(facts.value)));
  facts_.point_at_origin(report, facts);
}

void Checker::assign_aggregate(const Expr& target, const MapAccess& access, const Expr& value,
                               const Expr& call) {
  check_unevaluated_store(target);
  aggregate_ = &call;
  check(value);
  aggregate_ = nullptr;
  const ExprInfo aggregate = info(call);
  uint32_t map = use_map(access, target.range);
  note_update(map);
  MapFacts& facts = facts_.maps[map];
  const Type& type = aggregate.type;
  bool same_bounds = facts.value.histogram == type.histogram && facts.value.series == type.series;
  if (type.known() && facts.value.kind == type.kind && !same_bounds) {
    error(value.range, different_bounds(type.kind));
  } else if (type.known()) {
    store_map(map, type, value.range, constant_of(value));
  }
  probe_.expressions.set(target.id, {facts.value, {}, MapUse{map}});
}

int32_t Checker::want_map(const Call& call, size_t argument) {
  const Expr& expr = *call.arguments[argument];
  auto* access = std::get_if<MapAccess>(&expr.node);
  if (!access || !access->keys.empty()) {
    check(expr);
    error(expr.range, fmt::format("{}() expects a map argument", call.name));
    return -1;
  }
  uint32_t map = facts_.map_number(access->name, access->name_range);
  probe_.expressions.set(expr.id, {map_value(map), {}, MapUse{map}});
  return static_cast<int32_t>(map);
}

}  // namespace gimlet::ast::sema
