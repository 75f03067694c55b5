// Measuring: sizes, alignments and offsets.
//
// A Problem travels outwards until a definition with a name can be asked of the headers instead, or
// reports it. By-value nesting is limited, so that a chain of definitions cannot exhaust the stack.
#include "ast/sema/script_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "kernel/c_integers.h"

namespace gimlet::ast::sema {
namespace {

constexpr uint64_t kMaxSize = INT32_MAX;  // bytes
constexpr uint64_t kMaxAlignment = 1u << 28;
constexpr uint32_t kPointerSize = 8;

bool is_tag(const CSpecifier& base) { return base.kind != CSpecifier::Kind::Plain; }

}  // namespace

ScriptTypes::ScriptTypes(const CDefinitions& definitions, OutsideTypes& outside,
                         base::Diagnostics& diagnostics)
    : definitions_(definitions), outside_(outside), diagnostics_(diagnostics) {
  for (const CRecord& record : definitions.records) {
    records_[record.name].definition = &record;
  }
  for (const CEnum& definition : definitions.enums) {
    enums_[definition.name].definition = &definition;
    for (const CEnumerator& entry : definition.enumerators) {
      enumerators_.emplace(entry.name, &definition);
    }
  }
}

bool ScriptTypes::defines(std::string_view name) const {
  return records_.contains(name) || enums_.contains(name);
}

void ScriptTypes::check() {
  for (const CEnum& definition : definitions_.enums) find_enum(definition.name);
  for (const CRecord& record : definitions_.records) find_struct(record.name);
}

void ScriptTypes::report(Problem& problem) {
  if (std::exchange(problem.reported, true)) return;
  if (problem.unknown && !outside_.kernel().has_btf()) {
    problem.hint =
        "Include headers with missing type definitions or install BTF information to your system.";
  }
  diagnostics_.error(problem.range, problem.message).hint(problem.hint);
}

// --- types ---

auto ScriptTypes::measure(const CTypeName& type) -> Or<Measured> {
  const auto& steps = type.derivations;
  size_t step = steps.size();
  const auto pointer = std::find_if(steps.begin(), steps.end(), [](const CDerivation& d) {
    return d.kind == CDerivation::Kind::Pointer;
  });
  Or<Measured> result = Measured{};
  if (pointer == steps.end() || !is_tag(type.base)) {
    result = measure_base(type.base);
    if (std::holds_alternative<Problem>(result)) return result;
  }
  if (pointer != steps.end()) {
    step = static_cast<size_t>(pointer - steps.begin());
    result = Measured{Measured::Kind::Pointer, kPointerSize, kPointerSize, false};
  }
  while (step-- > 0) {
    if (steps[step].kind == CDerivation::Kind::Function) {
      result = Measured{Measured::Kind::Function, 0, 1, false};
    } else {
      result = measure_array(std::get<Measured>(result), type, step);
      if (std::holds_alternative<Problem>(result)) return result;
    }
  }
  return result;
}

auto ScriptTypes::measure_array(const Measured& element, const CTypeName& type, size_t step)
    -> Or<Measured> {
  if (element.kind == Measured::Kind::Void || element.kind == Measured::Kind::Function) {
    return Problem{type.range, "an array cannot hold this type"};
  }
  if (!type.derivations[step].length && step != 0) {
    return Problem{type.range, "only the first size of an array can be left out"};
  }
  auto count = length(type.derivations[step]);
  if (auto* problem = std::get_if<Problem>(&count)) return *problem;
  const uint64_t n = std::get<uint64_t>(count);
  if (element.size != 0 && n > kMaxSize / element.size) {
    return Problem{type.range, "this array is too large"};
  }
  return Measured{Measured::Kind::Other, n * element.size, element.alignment, false};
}

auto ScriptTypes::measure_base(const CSpecifier& base) -> Or<Measured> {
  if (!is_tag(base)) return measure_plain(base);
  if (base.kind == CSpecifier::Kind::Enum) {
    const EnumLayout* layout =
        enums_.contains(base.name) ? find_enum(base.name) : outside_.find_enum(base.name);
    if (layout) {
      return Measured{Measured::Kind::Integer, layout->size, layout->size, layout->is_signed};
    }
    const bool own = enums_.contains(base.name);
    return Problem{base.range, fmt::format("the type '{}' is not known", base.name), {}, true, own};
  }
  if (auto own = records_.find(base.name); own != records_.end()) {
    return measure_record(own->second);
  }
  const StructLayout* layout = outside_.find_struct(base.name);
  if (!layout) {
    return Problem{base.range, fmt::format("the type '{}' is not known", base.name),
                   "define it before, or include the header that does", true};
  }
  return Measured{Measured::Kind::Other, layout->size, outside_.alignment(*layout), false};
}

auto ScriptTypes::measure_plain(const CSpecifier& base) -> Or<Measured> {
  using Kind = Measured::Kind;
  const std::string& name = base.name;
  if (name == "void") return Measured{Kind::Void, 0, 1, false};
  if (name == "float") return Measured{Kind::Other, 4, 4, false};
  if (name == "double") return Measured{Kind::Other, 8, 8, false};
  const bool wide = name == "long double" || name.ends_with("__int128");
  if (wide) return Measured{Kind::Other, 16, 16, false};
  std::optional<Type> type = kernel::c_integer(name);
  if (!type) type = outside_.find_type(name);
  if (type && is_scalar(*type)) {
    const bool pointer = type->is(TypeKind::Pointer);
    return Measured{pointer ? Kind::Pointer : Kind::Integer, type->size, type->size,
                    type->is_signed};
  }
  if (type && type->size > 0) {
    return Measured{Kind::Other, type->size, outside_.alignment(*type), false};
  }
  Problem problem{base.range, fmt::format("unknown type name '{}'", name),
                  "include the header that defines it", true};
  for (const char* tag : {"struct", "union", "enum"}) {
    const std::string tagged = fmt::format("{} {}", tag, name);
    if (defines(tagged)) problem.hint = fmt::format("Did you mean '{}'?", tagged);
  }
  return problem;
}

// --- structs and unions ---

auto ScriptTypes::measure_record(Record& record) -> Or<Measured> {
  const CRecord& definition = *record.definition;
  if (record.state == Record::State::Busy) {
    return Problem{definition.range, fmt::format("'{}' contains itself", definition.name)};
  }
  if (record.state == Record::State::New) {
    if (depth_ >= kMaxDepth) {
      return Problem{definition.range, "definitions are nested too deeply here"};
    }
    ++depth_;
    record.state = Record::State::Busy;
    auto shape = measure_members(definition);
    --depth_;
    record.state = Record::State::Measured;
    if (auto* problem = std::get_if<Problem>(&shape)) {
      const bool anonymous = definition.name.find('(') != std::string::npos;
      if (problem->unknown && !anonymous) {
        record.outside = outside_.struct_from_headers(definition.name);
      }
      if (!record.outside && !anonymous) report(*problem);
      record.state = record.outside ? Record::State::FromHeaders : Record::State::Wrong;
      record.problem = std::move(*problem);
    } else {
      record.shape = std::get<RecordShape>(std::move(shape));
    }
  }
  if (record.state == Record::State::Wrong) return record.problem;
  if (record.outside) {
    return Measured{Measured::Kind::Other, record.outside->size,
                    outside_.alignment(*record.outside), false};
  }
  return Measured{Measured::Kind::Other, record.shape.size, record.shape.alignment, false};
}

auto ScriptTypes::measure_members(const CRecord& definition) -> Or<RecordShape> {
  std::vector<MemberShape> shapes;
  shapes.reserve(definition.members.size());
  for (const CMember& member : definition.members) {
    const bool last = definition.is_union || &member == &definition.members.back();
    auto shape = measure_member(member, last);
    if (auto* problem = std::get_if<Problem>(&shape)) return std::move(*problem);
    shapes.push_back(std::get<MemberShape>(shape));
  }
  auto alignment = aligned(definition.attributes);
  if (auto* problem = std::get_if<Problem>(&alignment)) return std::move(*problem);
  RecordShape shape = lay_out(shapes, definition.is_union, definition.attributes.packed,
                              std::get<uint32_t>(alignment));
  if (shape.size > kMaxSize) {
    return Problem{definition.range, fmt::format("'{}' is too large", definition.name)};
  }
  return shape;
}

auto ScriptTypes::measure_member(const CMember& member, bool last) -> Or<MemberShape> {
  auto measured = measure(member.type);
  if (auto* problem = std::get_if<Problem>(&measured)) return std::move(*problem);
  const Measured type = std::get<Measured>(measured);
  if (type.kind == Measured::Kind::Void || type.kind == Measured::Kind::Function) {
    const char* what = type.kind == Measured::Kind::Void ? "of type void" : "a function";
    return Problem{member.range, fmt::format("the member '{}' cannot be {}", member.name, what),
                   "Did you mean a pointer?"};
  }
  const auto& steps = member.type.derivations;
  const bool unsized =
      !steps.empty() && steps[0].kind == CDerivation::Kind::Array && !steps[0].length;
  if (unsized && !last) {
    return Problem{member.range, "only the last member can be an array without a size"};
  }
  auto alignment = aligned(member.attributes);
  if (auto* problem = std::get_if<Problem>(&alignment)) return std::move(*problem);
  MemberShape shape;
  shape.size = type.size;
  shape.alignment = type.alignment;
  shape.aligned = std::get<uint32_t>(alignment);
  shape.packed = member.attributes.packed;
  shape.named = !member.name.empty();
  if (auto problem = measure_width(member, type, shape)) return std::move(*problem);
  return shape;
}

auto ScriptTypes::measure_width(const CMember& member, const Measured& type, MemberShape& shape)
    -> std::optional<Problem> {
  if (!member.bit_width) return std::nullopt;
  if (type.kind != Measured::Kind::Integer) {
    return Problem{member.range, "only an integer can be a bitfield"};
  }
  auto width = value(*member.bit_width);
  if (auto* problem = std::get_if<Problem>(&width)) return std::move(*problem);
  const CInteger bits = std::get<CInteger>(width);
  if (bits.as_signed() < 0 || bits.bits > 8 * type.size) {
    return Problem{member.bit_width->range,
                   fmt::format("a bitfield of this type has at most {} bits", 8 * type.size)};
  }
  if (bits.bits == 0 && !member.name.empty()) {
    return Problem{member.bit_width->range, "a bitfield with a name has at least one bit"};
  }
  shape.bit_width = static_cast<uint32_t>(bits.bits);
  return std::nullopt;
}

auto ScriptTypes::aligned(const CLayoutAttributes& attributes) -> Or<uint32_t> {
  uint32_t largest = 0;
  for (const CConstant& alignment : attributes.alignments) {
    auto bytes = value(alignment);
    if (auto* problem = std::get_if<Problem>(&bytes)) return std::move(*problem);
    const uint64_t n = std::get<CInteger>(bytes).bits;
    if (!std::has_single_bit(n) || n > kMaxAlignment) {
      return Problem{alignment.range, "an alignment has to be a power of two"};
    }
    largest = std::max(largest, static_cast<uint32_t>(n));
  }
  return largest;
}

}  // namespace gimlet::ast::sema
