#include "kernel/dwarf_functions.h"

#include <dwarf.h>
#include <fmt/format.h>

#include <cerrno>
#include <optional>

#include "ast/arch.h"

namespace gimlet::kernel {
namespace {

using Place = UserPrototype::Parameter::Place;

constexpr int kMaxDepth = 16;

// What a type asks of the calling convention.
struct Passing {
  enum class Way : uint8_t { Registers, Float, Memory, ByReference };
  Way way = Way::Registers;
  uint32_t registers = 1;
};

bool starts_at(Dwarf_Die& die, uint64_t address) {
  Dwarf_Addr low = 0;
  if (dwarf_lowpc(&die, &low) == 0 && low == address) return true;
  Dwarf_Addr entry = 0;
  return dwarf_entrypc(&die, &entry) == 0 && entry == address;
}

std::optional<Dwarf_Die> find_function(Dwarf_Die parent, uint64_t address, int depth) {
  Dwarf_Die child;
  if (depth > kMaxDepth || dwarf_child(&parent, &child) != 0) return std::nullopt;
  do {
    switch (dwarf_tag(&child)) {
      case DW_TAG_subprogram:
        if (starts_at(child, address)) return child;
        break;
      case DW_TAG_namespace:
      case DW_TAG_structure_type:
      case DW_TAG_class_type:
        if (auto found = find_function(child, address, depth + 1)) return found;
        break;
      default: break;
    }
  } while (dwarf_siblingof(&child, &child) == 0);
  return std::nullopt;
}

bool is_float(Dwarf_Die& type) {
  uint64_t encoding = 0;
  if (dwarf_tag(&type) != DW_TAG_base_type) return false;
  dwarf_number(type, DW_AT_encoding, encoding);
  return encoding == DW_ATE_float || encoding == DW_ATE_complex_float;
}

uint64_t size_of(Dwarf_Die& type) {
  Dwarf_Word size = 0;
  return dwarf_aggregate_size(&type, &size) == 0 ? size : 0;
}

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
  const bool aggregate =
      tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
  if (!aggregate) {
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
  const int tag = dwarf_tag(&type);
  const bool aggregate =
      tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
  if (is_float(type))
    return {size > 8 && ast::kLargeArgumentsOnStack ? Way::Memory : Way::Float, 0};
  if (!aggregate) return {Way::Registers, size > 8 ? 2U : 1U};
  // Classes that cannot simply be copied are passed by their address.
  uint64_t convention = 0;
  dwarf_number(type, DW_AT_calling_convention, convention);
  if (convention == DW_CC_pass_by_reference) return {Way::ByReference, 1};
  if (size > 16)
    return ast::kLargeArgumentsOnStack ? Passing{Way::Memory, 0} : Passing{Way::ByReference, 1};
  if (size == 0) return {Way::Float, 0};
  bool integer[2] = {false, false};
  if (!mark_words(type, 0, 0, integer)) return {Way::Memory, 0};
  const uint32_t wanted = integer[0] + integer[1];
  const uint32_t words = size > 8 ? 2 : 1;
  if (wanted == 0) return {Way::Float, 0};
  // Half in an integer register, half in a floating-point one: the value cannot be put together.
  if (wanted < words) return {Way::Float, wanted};
  return {Way::Registers, words};
}

class Placer {
 public:
  explicit Placer(uint32_t used) : next_(used) {}

  void place(const Passing& passing, UserPrototype::Parameter& parameter) {
    using Way = Passing::Way;
    if (passing.way == Way::Memory) {
      parameter.place = Place::Stack;
      return;
    }
    if (next_ + passing.registers > ast::kArgumentRegisters) {
      parameter.place = Place::Stack;
      return;
    }
    parameter.place = passing.way == Way::Float ? Place::Elsewhere : Place::Registers;
    parameter.first_register = next_;
    parameter.registers = passing.registers;
    next_ += passing.registers;
  }

 private:
  uint32_t next_;
};

// Large results are written to a place whose address is a hidden first argument.
bool hides_argument(Dwarf_Die& function) {
  Dwarf_Die result;
  if (!ast::kResultAddressIsArgument || !plain_type(function, result)) return false;
  const Passing passing = passing_of(result);
  const int tag = dwarf_tag(&result);
  const bool aggregate =
      tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
  return aggregate &&
         (passing.way == Passing::Way::Memory || passing.way == Passing::Way::ByReference);
}

}  // namespace

base::Result<UserPrototype> find_prototype(DwarfFile& dwarf, DwarfTypes& types, uint64_t address) {
  const DwarfFile::Unit* unit = dwarf.unit_of(address);
  if (!unit) return base::Error{"Cannot read function parameters", {}};
  if (!unit->missing_split_file.empty()) {
    return base::Error{
        fmt::format("Unable to find split debug file {}", unit->missing_split_file), {}, ENOTDIR};
  }
  auto function = find_function(unit->full, address, 0);
  if (!function) return base::Error{"Cannot read function parameters", {}};

  UserPrototype prototype;
  Placer placer(hides_argument(*function) ? 1 : 0);
  Dwarf_Die child;
  if (dwarf_child(&*function, &child) != 0) return prototype;
  do {
    if (dwarf_tag(&child) != DW_TAG_formal_parameter) continue;
    UserPrototype::Parameter parameter;
    const char* name = dwarf_diename(&child);
    parameter.name = name ? name : "";
    parameter.c_type = DwarfTypes::c_type_of(child);
    parameter.type = types.type_of(child);
    Dwarf_Die type;
    if (plain_type(child, type)) {
      const Passing passing = passing_of(type);
      if (passing.way == Passing::Way::ByReference) {
        parameter.type = ast::pointer_to(std::move(parameter.type), ast::AddressSpace::User);
      }
      placer.place(passing, parameter);
    }
    prototype.parameters.push_back(std::move(parameter));
  } while (dwarf_siblingof(&child, &child) == 0);
  return prototype;
}

}  // namespace gimlet::kernel
