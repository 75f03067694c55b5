#include "kernel/calling_convention.h"

#include <dwarf.h>

#include <algorithm>

#include "ast/arch.h"

namespace gimlet::kernel {
namespace {

using Place = UserPrototype::Parameter::Place;

constexpr int kMaxDepth = 16;
constexpr uint32_t kWord = 8;

// What a type asks of C's calling convention.
struct Passing {
  enum class Way : uint8_t { Registers, Memory, ByReference };
  Way way = Way::Registers;
  uint32_t integers = 1;
  uint32_t floats = 0;
};

// Marks the 8-byte words of a structure that hold anything but floating point. False if something
// is in it whose class is not known here.
bool mark_words(Dwarf_Die type, uint64_t offset, int depth, bool (&integer)[2]) {
  if (depth > kMaxDepth) return false;
  const int tag = dwarf_tag(&type);
  if (tag == DW_TAG_array_type) {
    Dwarf_Die element;
    if (!plain_type(type, element)) return false;
    const uint64_t step = size_of(element), size = size_of(type);
    if (step == 0) return size == 0;
    for (uint64_t at = 0; at < size; at += step) {
      if (!mark_words(element, offset + at, depth + 1, integer)) return false;
    }
    return true;
  }
  if (!is_structure(type)) {
    if (offset >= 16) return false;
    if (!is_float(type)) integer[offset / 8] = true;
    return true;
  }
  Dwarf_Die child;
  if (dwarf_child(&type, &child) != 0) return true;
  do {
    const int kind = dwarf_tag(&child);
    if (kind != DW_TAG_member && kind != DW_TAG_inheritance) continue;
    if (dwarf_hasattr(&child, DW_AT_external)) continue;
    uint64_t location = 0, bit = 0;
    if (!dwarf_number(child, DW_AT_data_member_location, location) &&
        dwarf_number(child, DW_AT_data_bit_offset, bit)) {
      location = bit / 8;
    }
    Dwarf_Die member;
    if (!plain_type(child, member)) return false;
    if (!mark_words(member, offset + location, depth + 1, integer)) return false;
  } while (dwarf_siblingof(&child, &child) == 0);
  return true;
}

Passing passing_of(Dwarf_Die& type) {
  using Way = Passing::Way;
  const uint64_t size = size_of(type);
  if (is_float(type)) {
    return {size > 8 && ast::kLargeArgumentsOnStack ? Way::Memory : Way::Registers, 0, 1};
  }
  if (!is_structure(type)) return {Way::Registers, size > 8 ? 2U : 1U, 0};
  // Classes that cannot simply be copied are passed by their address.
  uint64_t convention = 0;
  dwarf_number(type, DW_AT_calling_convention, convention);
  if (convention == DW_CC_pass_by_reference) return {Way::ByReference, 1, 0};
  if (size > 16) {
    return ast::kLargeArgumentsOnStack ? Passing{Way::Memory, 0, 0}
                                       : Passing{Way::ByReference, 1, 0};
  }
  if (size == 0) return {Way::Registers, 0, 0};
  bool integer[2] = {false, false};
  if (!mark_words(type, 0, 0, integer)) return {Way::Memory, 0, 0};
  const uint32_t integers = integer[0] + integer[1];
  const uint32_t words = size > 8 ? 2 : 1;
  return {Way::Registers, integers, words - std::min(words, integers)};
}

void place(Dwarf_Die& type, ArgumentPlaces& places, UserPrototype::Parameter& parameter) {
  using Way = Passing::Way;
  const Passing passing = passing_of(type);
  if (passing.way == Way::ByReference) {
    parameter.type = ast::pointer_to(std::move(parameter.type), ast::AddressSpace::User);
  }
  if (passing.way == Way::Memory || !places.has(passing.integers, passing.floats)) {
    parameter.place = Place::Stack;
    const uint64_t size = passing.way == Way::ByReference ? kWord : size_of(type);
    const bool wide = !is_structure(type) && size > kWord;
    parameter.stack_offset = places.take_stack(size, wide ? 2 * kWord : kWord);
    return;
  }
  places.take_floats(passing.floats);
  for (uint32_t i = 0; i < passing.integers; i++) {
    parameter.words.push_back({places.take_integer(), kWord * i, kWord});
  }
  // Half in an integer register, half in a floating-point one: it cannot be put together.
  const bool readable = passing.integers > 0 && passing.floats == 0;
  parameter.place = readable ? Place::Registers : Place::Elsewhere;
}

// Large results are written to a place whose address is a hidden first argument.
bool hides_argument(Dwarf_Die& function) {
  Dwarf_Die result;
  if (!ast::kResultAddressIsArgument || !plain_type(function, result)) return false;
  return is_structure(result) && passing_of(result).way != Passing::Way::Registers;
}

void place_c(Dwarf_Die& function, std::vector<Dwarf_Die>& dies, UserPrototype& prototype) {
  auto integers = [](uint32_t number) -> std::optional<uint32_t> {
    if (number >= ast::kArgumentRegisters) return std::nullopt;
    return ast::argument_offset(number);
  };
  ArgumentPlaces places(integers, ast::kFloatArgumentRegisters);
  if (hides_argument(function)) places.take_integer();
  for (size_t i = 0; i < dies.size(); i++) {
    Dwarf_Die type;
    if (plain_type(dies[i], type)) place(type, places, prototype.parameters[i]);
  }
}

}  // namespace

bool is_float(Dwarf_Die& type) {
  uint64_t encoding = 0;
  if (dwarf_tag(&type) != DW_TAG_base_type) return false;
  dwarf_number(type, DW_AT_encoding, encoding);
  return encoding == DW_ATE_float || encoding == DW_ATE_complex_float;
}

bool is_structure(Dwarf_Die& type) {
  const int tag = dwarf_tag(&type);
  return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

uint64_t size_of(Dwarf_Die& type) {
  Dwarf_Word size = 0;
  return dwarf_aggregate_size(&type, &size) == 0 ? size : 0;
}

bool ArgumentPlaces::has(uint32_t integers, uint32_t floats) const {
  if (next_float_ + floats > floats_) return false;
  return integers == 0 || integers_(next_integer_ + integers - 1).has_value();
}

uint32_t ArgumentPlaces::take_stack(uint64_t size, uint64_t alignment) {
  stack_ = (stack_ + alignment - 1) / alignment * alignment;
  const uint64_t at = stack_;
  stack_ += size;
  return ast::kReturnAddressSize + static_cast<uint32_t>(at);
}

Convention convention_of(const DwarfFile::Unit& unit) {
  Dwarf_Die full = unit.full;
  switch (dwarf_srclang(&full)) {
    case DW_LANG_Rust: return Convention::Rust;
    case DW_LANG_Go:
      // The compiler notes there which of its experiments are at work.
      return dwarf_text(full, DW_AT_producer).find("regabi") != std::string::npos
                 ? Convention::Go
                 : Convention::GoStack;
    default: return Convention::C;
  }
}

void place_by_convention(Convention convention, Dwarf_Die& function, std::vector<Dwarf_Die>& dies,
                         UserPrototype& prototype) {
  switch (convention) {
    case Convention::C: place_c(function, dies, prototype); break;
    case Convention::Rust: place_rust(function, dies, prototype); break;
    case Convention::Go: place_go(true, dies, prototype); break;
    case Convention::GoStack: place_go(false, dies, prototype); break;
  }
}

}  // namespace gimlet::kernel
