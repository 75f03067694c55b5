// The calling conventions of Go and of Rust, which both take structures apart.
#include <dwarf.h>

#include <algorithm>

#include "ast/arch.h"
#include "kernel/calling_convention.h"

namespace gimlet::kernel {
namespace {

using Place = UserPrototype::Parameter::Place;
using Parameter = UserPrototype::Parameter;

constexpr int kMaxDepth = 16;
constexpr uint32_t kWord = 8;
constexpr uint32_t kGoFloats = 15;

// Integers, pointers and floating-point numbers that a value consists of.
struct Scalar {
  uint64_t offset = 0;
  uint64_t size = 0;
  bool is_float = false;
};
using Scalars = std::vector<Scalar>;

bool has_size_for_register(uint64_t size) {
  return size == 1 || size == 2 || size == 4 || size == 8;
}

// --- Go ---

uint64_t go_alignment(Dwarf_Die type, int depth) {
  uint64_t alignment = 1;
  Dwarf_Die inner;
  if (depth > kMaxDepth) return kWord;
  if (dwarf_tag(&type) == DW_TAG_array_type) {
    return plain_type(type, inner) ? go_alignment(inner, depth + 1) : kWord;
  }
  if (!is_structure(type)) return std::clamp<uint64_t>(size_of(type), 1, kWord);
  Dwarf_Die child;
  if (dwarf_child(&type, &child) != 0) return alignment;
  do {
    if (dwarf_tag(&child) != DW_TAG_member || !plain_type(child, inner)) continue;
    alignment = std::max(alignment, go_alignment(inner, depth + 1));
  } while (dwarf_siblingof(&child, &child) == 0);
  return alignment;
}

// False if the value goes to the stack whatever registers are left.
bool go_scalars(Dwarf_Die type, uint64_t offset, int depth, Scalars& out) {
  if (depth > kMaxDepth) return false;
  const uint64_t size = size_of(type);
  Dwarf_Die inner;
  if (dwarf_tag(&type) == DW_TAG_array_type) {
    if (size == 0) return true;
    if (!plain_type(type, inner) || size_of(inner) != size) return false;
    return go_scalars(inner, offset, depth + 1, out);
  }
  if (!is_structure(type)) {
    uint64_t encoding = 0;
    dwarf_number(type, DW_AT_encoding, encoding);
    const bool complex = is_float(type) && encoding == DW_ATE_complex_float;
    const uint64_t part = complex ? size / 2 : size;
    if (!has_size_for_register(part)) return false;
    out.push_back({offset, part, is_float(type)});
    if (complex) out.push_back({offset + part, part, true});
    return true;
  }
  Dwarf_Die child;
  if (dwarf_child(&type, &child) != 0) return true;
  do {
    uint64_t location = 0;
    if (dwarf_tag(&child) != DW_TAG_member) continue;
    dwarf_number(child, DW_AT_data_member_location, location);
    if (!plain_type(child, inner)) return false;
    if (!go_scalars(inner, offset + location, depth + 1, out)) return false;
  } while (dwarf_siblingof(&child, &child) == 0);
  return true;
}

// All of a value's members in registers of their own.
void take_registers(const Scalars& scalars, ArgumentPlaces& places, Parameter& parameter) {
  parameter.place = scalars.empty() ? Place::Elsewhere : Place::Registers;
  for (const Scalar& scalar : scalars) {
    if (scalar.is_float) {
      places.take_floats(1);
      parameter.place = Place::Elsewhere;
      continue;
    }
    parameter.words.push_back({places.take_integer(), static_cast<uint32_t>(scalar.offset),
                               static_cast<uint32_t>(scalar.size)});
  }
}

bool fits(const Scalars& scalars, const ArgumentPlaces& places) {
  const auto floats = static_cast<uint32_t>(
      std::count_if(scalars.begin(), scalars.end(), [](const Scalar& s) { return s.is_float; }));
  return places.has(static_cast<uint32_t>(scalars.size()) - floats, floats);
}

// --- Rust ---

// What the compiler calls the representation of a type.
struct RustValue {
  enum class Kind : uint8_t { Nothing, Parts, Aggregate, Unknown };
  Kind kind = Kind::Unknown;
  Scalars scalars{};  // one, or a pair
};

RustValue rust_value(Dwarf_Die type, int depth);

// Structures of one scalar, or of two, are passed as those.
RustValue rust_structure(Dwarf_Die& type, int depth) {
  using Kind = RustValue::Kind;
  RustValue whole{Kind::Parts};
  size_t members = 0;
  bool only_scalars = true;
  Dwarf_Die child, inner;
  if (dwarf_child(&type, &child) != 0) return {};
  do {
    if (dwarf_tag(&child) == DW_TAG_variant_part) return {};
    if (dwarf_tag(&child) != DW_TAG_member) continue;
    uint64_t location = 0;
    dwarf_number(child, DW_AT_data_member_location, location);
    if (!plain_type(child, inner)) return {};
    RustValue member = rust_value(inner, depth + 1);
    if (member.kind == Kind::Unknown) return {};
    if (member.kind == Kind::Nothing) continue;
    members++;
    only_scalars &= member.kind == Kind::Parts;
    for (Scalar scalar : member.scalars) {
      scalar.offset += location;
      whole.scalars.push_back(scalar);
    }
  } while (dwarf_siblingof(&child, &child) == 0);
  // A pair within a structure of several members stays one.
  const bool plain = only_scalars && (members == 1 || whole.scalars.size() == members);
  if (!plain || whole.scalars.size() > 2) return {Kind::Aggregate};
  std::sort(whole.scalars.begin(), whole.scalars.end(),
            [](const Scalar& a, const Scalar& b) { return a.offset < b.offset; });
  return whole;
}

RustValue rust_value(Dwarf_Die type, int depth) {
  using Kind = RustValue::Kind;
  if (depth > kMaxDepth) return {};
  const uint64_t size = size_of(type);
  switch (dwarf_tag(&type)) {
    case DW_TAG_base_type:
    case DW_TAG_enumeration_type:
    case DW_TAG_pointer_type:
      if (size == 0) return {Kind::Nothing};
      if (!has_size_for_register(size)) return {};
      return {Kind::Parts, {{0, size, is_float(type)}}};
    case DW_TAG_structure_type:
      return size == 0 ? RustValue{Kind::Nothing} : rust_structure(type, depth);
    case DW_TAG_array_type: return {size == 0 ? Kind::Nothing : Kind::Aggregate};
    default: return {};
  }
}

// Each part for itself: of a pair, one may find a register and the other none.
void place_rust_parts(const Scalars& scalars, ArgumentPlaces& places, Parameter& parameter) {
  if (fits(scalars, places)) {
    take_registers(scalars, places, parameter);
    return;
  }
  for (const Scalar& scalar : scalars) {
    if (fits({scalar}, places)) {
      Parameter ignored;
      take_registers({scalar}, places, ignored);
      continue;
    }
    parameter.stack_offset = places.take_stack(kWord, kWord);
  }
  parameter.place = scalars.size() == 1 ? Place::Stack : Place::Elsewhere;
}

// False if it cannot be said how the value is passed, nor what follows it.
bool place_rust_value(Dwarf_Die& type, ArgumentPlaces& places, Parameter& parameter) {
  using Kind = RustValue::Kind;
  const uint64_t size = size_of(type);
  const RustValue value = rust_value(type, 0);
  const bool in_a_word = value.kind == Kind::Aggregate && size <= kWord;
  const bool by_address = value.kind == Kind::Aggregate && size > 2 * kWord;
  if (value.kind == Kind::Nothing) return true;
  if (value.kind == Kind::Parts) {
    place_rust_parts(value.scalars, places, parameter);
    return true;
  }
  if (!in_a_word && !by_address) return false;
  if (by_address) {
    parameter.type = ast::pointer_to(std::move(parameter.type), ast::AddressSpace::User);
  }
  if (!places.has(1, 0)) {
    parameter.place = Place::Stack;
    parameter.stack_offset = places.take_stack(kWord, kWord);
    return true;
  }
  parameter.place = Place::Registers;
  parameter.words = {{places.take_integer(), 0, kWord}};
  return true;
}

enum class Hidden : uint8_t { No, Yes, Unknown };

Hidden rust_hides_argument(Dwarf_Die& function) {
  using Kind = RustValue::Kind;
  Dwarf_Die result;
  if (!plain_type(function, result)) return Hidden::No;
  const uint64_t size = size_of(result);
  if (size <= kWord) return Hidden::No;
  const Kind kind = rust_value(result, 0).kind;
  if (kind == Kind::Parts || kind == Kind::Nothing) return Hidden::No;
  // Older compilers return what is between one word and two in memory.
  if (size <= 2 * kWord) return Hidden::Unknown;
  return ast::kResultAddressIsArgument ? Hidden::Yes : Hidden::No;
}

}  // namespace

void place_go(bool in_registers, std::vector<Dwarf_Die>& dies, UserPrototype& prototype) {
  ArgumentPlaces places(&ast::go_argument_offset, in_registers ? kGoFloats : 0);
  for (size_t i = 0; i < dies.size(); i++) {
    Parameter& parameter = prototype.parameters[i];
    Dwarf_Die type;
    Scalars scalars;
    if (!plain_type(dies[i], type)) return;
    if (in_registers && go_scalars(type, 0, 0, scalars) && fits(scalars, places)) {
      take_registers(scalars, places, parameter);
      continue;
    }
    parameter.place = Place::Stack;
    parameter.stack_offset = places.take_stack(size_of(type), go_alignment(type, 0));
  }
}

void place_rust(Dwarf_Die& function, std::vector<Dwarf_Die>& dies, UserPrototype& prototype) {
  auto integers = [](uint32_t number) -> std::optional<uint32_t> {
    if (number >= ast::kArgumentRegisters) return std::nullopt;
    return ast::argument_offset(number);
  };
  ArgumentPlaces places(integers, ast::kFloatArgumentRegisters);
  const Hidden hidden = rust_hides_argument(function);
  if (hidden == Hidden::Unknown) return;
  if (hidden == Hidden::Yes) places.take_integer();
  for (size_t i = 0; i < dies.size(); i++) {
    Dwarf_Die type;
    if (!plain_type(dies[i], type)) return;
    if (!place_rust_value(type, places, prototype.parameters[i])) return;
  }
}

}  // namespace gimlet::kernel
