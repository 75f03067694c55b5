// Events: the records that asynchronous calls send (see ast/event_plan.h).

#include <fmt/format.h>

#include <algorithm>

#include "ast/format.h"
#include "ast/promote.h"
#include "ast/sema/checker.h"

namespace gimlet::ast::sema {
namespace {

// What is sent of an entry of stats(): a total and a count.
constexpr uint32_t kStatsSize = 16;

// As many levels as runtime/decode.cpp follows.
constexpr int kMaxDepth = 32;

bool is_kept_in_buckets(const Type& type) {
  return type.is(TypeKind::Hist) || type.is(TypeKind::LHist) || type.is(TypeKind::TSeries);
}

uint32_t round_up(uint32_t value, uint32_t to) { return (value + to - 1) / to * to; }

// Gives each field its place. Everything of 8 bytes and more starts at a multiple of 8, so that it
// can be written by whole words.
void place_fields(EventPlan& plan, const std::vector<Type>& types) {
  uint32_t offset = sizeof(RecordHeader);
  uint32_t tail = 0;
  for (const Type& type : types) {
    EventField field;
    field.type = type;
    field.variable = type.is(TypeKind::String) && type.size > kInlineString;
    uint32_t size = field.variable ? 4 : type.size;
    offset = round_up(offset, size >= 8 ? 8 : std::max(1U, std::min(size, alignment(type))));
    if (field.variable) offset = round_up(offset, 4);
    field.offset = offset;
    offset += size;
    if (field.variable) tail += type.size;
    plan.fields.push_back(std::move(field));
  }
  plan.fixed_size = round_up(offset, 8);
  plan.max_size = plan.fixed_size + tail;
}

}  // namespace

uint32_t Checker::add_event(EventKind kind, SourceRange range, std::string format,
                            const std::vector<Type>& fields, int32_t map) {
  if (!last_round()) return 0;
  EventPlan plan;
  plan.kind = kind;
  plan.range = range;
  plan.format = std::move(format);
  plan.map = map;
  place_fields(plan, fields);
  for (const Type& type : fields) {
    keep_layouts(type);
    check_depth(type, range);
  }
  facts_.result.events.push_back(std::move(plan));
  return static_cast<uint32_t>(facts_.result.events.size() - 1);
}

uint32_t Checker::add_text_event(EventKind kind, SourceRange range, const std::string& text) {
  const std::vector<EventPlan>& events = facts_.result.events;
  auto same = [&](const EventPlan& plan) { return plan.kind == kind && plan.format == text; };
  const auto found = std::find_if(events.begin(), events.end(), same);
  if (found == events.end()) return add_event(kind, range, text, {});
  return static_cast<uint32_t>(found - events.begin());
}

void Checker::refuse_single_entry(const Expr& expr, const Type& type) {
  error(expr.range, fmt::format("Map type {} cannot print the value of individual keys. You must "
                                "print the whole map.",
                                type_name(type)));
}

void Checker::keep_layouts(const Type& type) {
  if (type.is(TypeKind::Enum)) {
    if (const EnumLayout* layout = facts_.types.find_enum(type.name)) {
      facts_.result.enums.emplace(type.name, *layout);
    }
  } else if (type.is(TypeKind::Array)) {
    keep_layouts(*type.element);
  } else if (type.is(TypeKind::Tuple) || type.is(TypeKind::Record)) {
    for (const TupleField& field : *type.fields) keep_layouts(*field.type);
  } else if (type.is(TypeKind::Struct) && !facts_.result.structs.contains(type.name)) {
    if (const StructLayout* layout = facts_.types.find_struct(type.name)) {
      facts_.result.structs.emplace(type.name, *layout);
      for (const Field& field : layout->fields) keep_layouts(field.type);
    }
  }
}

void Checker::check_depth(const Type& type, SourceRange range) {
  auto fits = [&](const Type& part, int levels, const auto& self) -> bool {
    if (levels == 0) return false;
    auto below = [&](const Type& inner) { return self(inner, levels - 1, self); };
    if (part.is(TypeKind::Array)) return below(*part.element);
    if (part.is(TypeKind::Tuple) || part.is(TypeKind::Record)) {
      return std::ranges::all_of(*part.fields, below, [](const TupleField& f) { return *f.type; });
    }
    const StructLayout* layout = part.is(TypeKind::Struct) ? layout_of(part) : nullptr;
    return !layout || std::ranges::all_of(layout->fields, below, &Field::type);
  };
  if (fits(type, kMaxDepth, fits)) return;
  error(range, fmt::format("A value of more than {} levels cannot be shown", kMaxDepth));
}

bool Checker::check_format(const Call& call, SourceRange range, size_t format_argument,
                           const std::string& format, const std::vector<Type>& types) {
  size_t wanted = 0;
  bool fits = true;
  for (const FormatPiece& piece : parse_format(format)) {
    if (piece.conversion.empty()) continue;
    if (is_unsupported_conversion(piece.conversion)) {
      error(call.arguments[format_argument]->range,
            fmt::format("unsupported format specifier: {}", piece.conversion));
      return false;
    }
    size_t index = wanted++;
    if (index >= types.size()) continue;
    const Type& type = types[index];
    if (!type.known() || accepts(piece.conversion, type)) continue;
    fits = false;
    error(call.arguments[format_argument + 1 + index]->range,
          type.is(TypeKind::Void)
              ? fmt::format("unable to print none type for specifier: {}", piece.conversion)
              : fmt::format("unsupported format specifier for type '{}': {}", type_name(type),
                            piece.conversion));
  }
  if (wanted == types.size()) return fits;
  error(range,
        fmt::format("{} arguments for format string ({} supplied, {} expected)",
                    types.size() < wanted ? "not enough" : "too many", types.size(), wanted));
  return false;
}

uint32_t Checker::add_format_event(EventKind kind, const Call& call, SourceRange range,
                                   size_t format_argument) {
  const std::string* format = want_text(call, format_argument);
  std::vector<Type> raw, fields;
  for (size_t i = format_argument + 1; i < call.arguments.size(); i++) {
    const Expr& argument = *call.arguments[i];
    raw.push_back(check(argument));
    note_operand(argument, raw.back());
    fields.push_back(as_operand(raw.back()));
    if (raw.back().is(TypeKind::Stats)) fields.back().size = kStatsSize;
    if (is_kept_in_buckets(raw.back())) refuse_single_entry(argument, raw.back());
    probe_.expressions[call.arguments[i]->id].type = fields.back();
  }
  if (!format || !last_round() || !check_format(call, range, format_argument, *format, raw)) {
    return 0;
  }
  return add_event(kind, range, *format, fields);
}

}  // namespace gimlet::ast::sema
