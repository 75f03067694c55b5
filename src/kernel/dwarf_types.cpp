#include "kernel/dwarf_types.h"

#include <dwarf.h>
#include <fmt/format.h>

#include <algorithm>

namespace gimlet::kernel {
namespace {

constexpr int kMaxDepth = 32;
constexpr size_t kMaxMembers = 100'000;

bool is_struct(int tag) {
  return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

std::string name_of(Dwarf_Die& die) {
  const char* name = dwarf_diename(&die);
  return name ? name : std::string();
}

uint32_t size_of(Dwarf_Die& die) {
  Dwarf_Word size = 0;
  return dwarf_aggregate_size(&die, &size) == 0 && size <= INT32_MAX ? static_cast<uint32_t>(size)
                                                                     : 0;
}

// DW_AT_type as it stands, typedefs and qualifiers included.
bool written_type(Dwarf_Die& die, Dwarf_Die& type) {
  Dwarf_Attribute attribute;
  return dwarf_attr_integrate(&die, DW_AT_type, &attribute) &&
         dwarf_formref_die(&attribute, &type) != nullptr;
}

ast::Type base_type(Dwarf_Die& die) {
  const uint32_t size = size_of(die);
  if (size != 1 && size != 2 && size != 4 && size != 8) return ast::none_type();
  uint64_t encoding = 0;
  dwarf_number(die, DW_AT_encoding, encoding);
  switch (encoding) {
    case DW_ATE_signed:
    case DW_ATE_signed_char: return ast::integer_type(size, true);
    // In the language char is int8 everywhere.
    case DW_ATE_unsigned_char: return ast::integer_type(size, name_of(die) == "char");
    case DW_ATE_boolean:
    case DW_ATE_unsigned:
    case DW_ATE_UTF:
    case DW_ATE_address: return ast::integer_type(size, false);
    default: return ast::none_type();
  }
}

bool is_char(Dwarf_Die& die) {
  return dwarf_tag(&die) == DW_TAG_base_type && name_of(die) == "char";
}

const char* tag_word(int tag) { return tag == DW_TAG_union_type ? "union" : "struct"; }

// "struct item" of "struct item @/usr/bin/app".
std::string_view without_file(std::string_view tagged) {
  return tagged.substr(0, tagged.find(" @"));
}

std::string c_name(Dwarf_Die die, int depth);

std::string c_target(Dwarf_Die& die, int depth) {
  Dwarf_Die target;
  return written_type(die, target) ? c_name(target, depth + 1) : "void";
}

std::string c_array(Dwarf_Die& die, int depth) {
  std::string text = c_target(die, depth);
  Dwarf_Die child;
  if (dwarf_child(&die, &child) != 0) return text + "[]";
  do {
    if (dwarf_tag(&child) != DW_TAG_subrange_type) continue;
    uint64_t bound = 0;
    if (dwarf_number(child, DW_AT_count, bound)) {
      text += fmt::format("[{}]", bound);
    } else if (dwarf_number(child, DW_AT_upper_bound, bound)) {
      text += fmt::format("[{}]", bound + 1);
    } else {
      text += "[]";
    }
  } while (dwarf_siblingof(&child, &child) == 0);
  return text;
}

// A qualifier stands before a plain type and behind a pointer.
std::string c_qualified(Dwarf_Die& die, const char* qualifier, int depth) {
  std::string text = c_target(die, depth);
  return text.ends_with('*') ? text + " " + qualifier : std::string(qualifier) + " " + text;
}

std::string c_name(Dwarf_Die die, int depth) {
  constexpr const char* kUnknown = "<unknown type>";
  if (depth > kMaxDepth) return kUnknown;
  const int tag = dwarf_tag(&die);
  const std::string name = name_of(die);
  switch (tag) {
    case DW_TAG_base_type:
    case DW_TAG_typedef:
    case DW_TAG_unspecified_type: return name.empty() ? kUnknown : name;
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_union_type:
      return fmt::format("{} {}", tag_word(tag), name.empty() ? "<anonymous>" : name);
    case DW_TAG_enumeration_type:
      return fmt::format("enum {}", name.empty() ? "<anonymous>" : name);
    case DW_TAG_pointer_type: {
      Dwarf_Die target;
      const bool function = plain_type(die, target) && dwarf_tag(&target) == DW_TAG_subroutine_type;
      return function ? "void*" : c_target(die, depth) + "*";
    }
    case DW_TAG_reference_type: return c_target(die, depth) + "&";
    case DW_TAG_rvalue_reference_type: return c_target(die, depth) + "&&";
    case DW_TAG_const_type: return c_qualified(die, "const", depth);
    case DW_TAG_volatile_type: return c_qualified(die, "volatile", depth);
    case DW_TAG_restrict_type:
    case DW_TAG_atomic_type: return c_target(die, depth);
    case DW_TAG_array_type: return c_array(die, depth);
    default: return kUnknown;
  }
}

// Reads the aligned unit of the declared type where that holds the whole bitfield, as C does; in
// packed structures, where it may not, starts at the byte of the first bit.
void place_bits(ast::Field& field, uint64_t first_bit, uint32_t base, uint32_t parent_size) {
  const uint32_t unit = 8 * field.type.size;
  const auto bits = static_cast<uint32_t>(first_bit);
  const uint32_t in_unit = bits % unit;
  const uint32_t start = (bits - in_unit) / 8;
  const bool fits = in_unit + field.bit_width <= unit && start + unit / 8 <= parent_size;
  field.offset = base + (fits ? start : bits / 8);
  field.bit_offset = fits ? in_unit : bits % 8;
  if (field.bit_offset + field.bit_width > 64) field.type = ast::none_type();
}

}  // namespace

bool plain_type(Dwarf_Die& die, Dwarf_Die& type) {
  Dwarf_Die written;
  return written_type(die, written) && dwarf_peel_type(&written, &type) == 0;
}

std::string DwarfTypes::c_type_of(Dwarf_Die& die) { return c_target(die, 0); }

ast::Type DwarfTypes::type_of(Dwarf_Die& die) {
  Dwarf_Die type;
  return plain_type(die, type) ? convert(type, 0) : ast::void_type();
}

std::string DwarfTypes::tagged_name(Dwarf_Die& die) {
  std::string name = name_of(die);
  const Dwarf_Off offset = dwarf_dieoffset(&die);
  const char* tag = tag_word(dwarf_tag(&die));
  if (name.empty()) name = fmt::format("(anon {:x})", offset);
  std::string tagged = fmt::format("{} {}", tag, name);
  const bool declared_only = dwarf_hasattr(&die, DW_AT_declaration);
  if (!declared_only) {
    auto [known, is_new] = met_.try_emplace(tagged, die);
    if (!is_new && dwarf_dieoffset(&known->second) != offset &&
        size_of(known->second) != size_of(die)) {
      tagged = fmt::format("{} {} ({:x})", tag, name, offset);
      met_.try_emplace(tagged, die);
    }
  }
  return fmt::format("{} @{}", tagged, path_);
}

ast::Type DwarfTypes::pointee(Dwarf_Die& pointer, int depth) {
  Dwarf_Die target;
  if (!plain_type(pointer, target)) return ast::void_type();
  ast::Type type = convert(target, depth + 1);
  return type.known() ? type : ast::void_type();
}

ast::Type DwarfTypes::convert(Dwarf_Die die, int depth) {
  if (depth > kMaxDepth) return ast::none_type();
  switch (dwarf_tag(&die)) {
    case DW_TAG_base_type: return base_type(die);
    case DW_TAG_enumeration_type: return ast::integer_type(std::max(size_of(die), 1U), false);
    case DW_TAG_pointer_type:
    case DW_TAG_reference_type:
    case DW_TAG_rvalue_reference_type:
      return ast::pointer_to(pointee(die, depth), ast::AddressSpace::User);
    case DW_TAG_unspecified_type: return ast::void_type();
    case DW_TAG_array_type: return convert_array(die, depth);
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_union_type: return ast::struct_type(tagged_name(die), size_of(die));
    default: return ast::none_type();
  }
}

ast::Type DwarfTypes::convert_array(Dwarf_Die die, int depth) {
  Dwarf_Die element_die;
  if (!plain_type(die, element_die)) return ast::none_type();
  ast::Type element = convert(element_die, depth + 1);
  const bool text = is_char(element_die);
  std::vector<uint64_t> lengths;
  Dwarf_Die child;
  if (dwarf_child(&die, &child) == 0) {
    do {
      if (dwarf_tag(&child) != DW_TAG_subrange_type) continue;
      uint64_t count = 0;
      if (!dwarf_number(child, DW_AT_count, count) &&
          dwarf_number(child, DW_AT_upper_bound, count)) {
        count++;
      }
      lengths.push_back(count);
    } while (dwarf_siblingof(&child, &child) == 0);
  }
  if (!element.known() || lengths.empty()) return ast::none_type();
  for (size_t i = lengths.size(); i-- > 0;) {
    const uint64_t size = lengths[i] * element.size;
    if (lengths[i] > INT32_MAX || size > INT32_MAX) return ast::none_type();
    const bool innermost = i + 1 == lengths.size();
    element = text && innermost && lengths[i] > 0
                  ? ast::char_array(static_cast<uint32_t>(lengths[i]))
                  : ast::array_of(std::move(element), static_cast<uint32_t>(lengths[i]));
  }
  return element;
}

// --- structures ---

void DwarfTypes::index_children(Dwarf_Die parent, int depth) {
  Dwarf_Die child;
  if (depth > 4 || dwarf_child(&parent, &child) != 0) return;
  do {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_namespace) index_children(child, depth + 1);
    if (!is_struct(tag) || dwarf_hasattr(&child, DW_AT_declaration)) continue;
    const std::string name = name_of(child);
    if (!name.empty()) definitions_.try_emplace(fmt::format("{} {}", tag_word(tag), name), child);
  } while (dwarf_siblingof(&child, &child) == 0);
}

void DwarfTypes::index_names() {
  if (std::exchange(indexed_, true)) return;
  for (const DwarfFile::Unit& unit : dwarf_.units()) index_children(unit.full, 0);
}

std::optional<Dwarf_Die> DwarfTypes::definition(const std::string& tagged) {
  if (auto known = met_.find(tagged); known != met_.end()) return known->second;
  index_names();
  auto found = definitions_.find(tagged);
  if (found == definitions_.end()) return std::nullopt;
  return found->second;
}

const ast::StructLayout* DwarfTypes::find_struct(std::string_view name) {
  const std::string tagged(without_file(name));
  auto [slot, is_new] = layouts_.try_emplace(tagged);
  if (!is_new) return slot->second.get();
  const auto die = definition(tagged);
  if (!die) return nullptr;
  Dwarf_Die found = *die;
  auto layout = std::make_unique<ast::StructLayout>();
  layout->name = fmt::format("{} @{}", tagged, path_);
  layout->size = size_of(found);
  layout->is_union = dwarf_tag(&found) == DW_TAG_union_type;
  add_members(found, 0, 0, *layout);
  slot->second = std::move(layout);
  return slot->second.get();
}

void DwarfTypes::add_members(Dwarf_Die parent, uint32_t base, int depth,
                             ast::StructLayout& layout) {
  Dwarf_Die child;
  if (depth > kMaxDepth || dwarf_child(&parent, &child) != 0) return;
  const uint32_t size = size_of(parent);
  do {
    if (layout.fields.size() > kMaxMembers) return;
    const int tag = dwarf_tag(&child);
    if (tag != DW_TAG_member && tag != DW_TAG_inheritance) continue;
    // A static member of a C++ class lies elsewhere.
    if (dwarf_hasattr(&child, DW_AT_external)) continue;
    if (tag == DW_TAG_member && !name_of(child).empty()) {
      add_member(child, base, size, layout.fields);
      continue;
    }
    // Members of unnamed members and of base classes are reached through the structure itself.
    Dwarf_Die inner;
    if (!plain_type(child, inner) || !is_struct(dwarf_tag(&inner))) continue;
    uint64_t offset = 0;
    dwarf_number(child, DW_AT_data_member_location, offset);
    add_members(inner, base + static_cast<uint32_t>(offset), depth + 1, layout);
  } while (dwarf_siblingof(&child, &child) == 0);
}

void DwarfTypes::add_member(Dwarf_Die member, uint32_t base, uint32_t parent_size,
                            std::vector<ast::Field>& fields) {
  ast::Field field;
  field.name = name_of(member);
  field.type = type_of(member);
  uint64_t location = 0, width = 0, bit = 0;
  dwarf_number(member, DW_AT_data_member_location, location);
  field.offset = base + static_cast<uint32_t>(location);
  if (dwarf_number(member, DW_AT_bit_size, width) && field.type.size != 0) {
    field.bit_width = static_cast<uint32_t>(width);
    uint64_t first = 8 * location;
    if (dwarf_number(member, DW_AT_data_bit_offset, bit)) {
      first = bit;
    } else if (dwarf_number(member, DW_AT_bit_offset, bit)) {
      // Before DWARF 4: counted from the most significant bit of the declared type.
      first = 8 * location + 8 * uint64_t{field.type.size} - bit - width;
    }
    place_bits(field, first, base, parent_size);
  }
  fields.push_back(std::move(field));
}

}  // namespace gimlet::kernel
