#include "kernel/dwarf_functions.h"

#include <dwarf.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "kernel/calling_convention.h"
#include "kernel/entry_location.h"

namespace gimlet::kernel {
namespace {

constexpr int kMaxDepth = 16;

bool starts_at(Dwarf_Die& die, uint64_t address) {
  Dwarf_Addr low = 0;
  if (dwarf_lowpc(&die, &low) == 0 && low == address) return true;
  Dwarf_Addr entry = 0;
  return dwarf_entrypc(&die, &entry) == 0 && entry == address;
}

// Go lists what a function gives back among its parameters.
bool is_result(Dwarf_Die& die) {
  Dwarf_Attribute attribute;
  bool result = false;
  return dwarf_attr_integrate(&die, DW_AT_variable_parameter, &attribute) &&
         dwarf_formflag(&attribute, &result) == 0 && result;
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

// Takes over what the debug information tells of the entry. Parameters without a place in optimized
// code may not be passed at all; and where one does not lie where the convention puts it, nothing
// is known of those that are not told.
void place_by_locations(std::vector<Dwarf_Die>& dies, Dwarf_Die& function, uint64_t address,
                        UserPrototype& prototype) {
  std::vector<EntryLocation> told;
  for (size_t i = 0; i < dies.size(); i++) {
    told.push_back(place_by_location(dies[i], function, address, prototype.parameters[i]));
  }
  auto has = [&](EntryLocation kind) {
    return std::find(told.begin(), told.end(), kind) != told.end();
  };
  const bool differs = has(EntryLocation::Differs);
  const bool optimized = differs || has(EntryLocation::Agrees);
  for (size_t i = 0; i < dies.size(); i++) {
    // A caller that passes something on the stack has done it, whatever becomes of it here.
    const bool on_stack =
        !differs && prototype.parameters[i].place == UserPrototype::Parameter::Place::Stack;
    const bool unknown = (optimized && !on_stack && told[i] == EntryLocation::None) ||
                         (differs && told[i] == EntryLocation::InFrame);
    if (unknown) prototype.parameters[i].place = UserPrototype::Parameter::Place::Elsewhere;
  }
}

}  // namespace

base::Result<UserPrototype> find_prototype(DwarfFile& dwarf, DwarfTypes& types, uint64_t address) {
  const DwarfFile::Unit* unit = dwarf.unit_of(address);
  if (!unit) return base::Error{"Cannot read function parameters", {}};
  if (!unit->missing_split_file.empty()) {
    const std::string package = dwarf.path() + ".dwp";
    std::string hint;
    if (::access(package.c_str(), R_OK) == 0) {
      hint = fmt::format("{} may hold it, but the libdw that is installed does not read packages.",
                         package);
    }
    return base::Error{fmt::format("Unable to find split debug file {}", unit->missing_split_file),
                       hint, ENOTDIR};
  }
  auto function = find_function(unit->full, address, 0);
  if (!function) return base::Error{"Cannot read function parameters", {}};

  UserPrototype prototype;
  std::vector<Dwarf_Die> dies;
  Dwarf_Die child;
  if (dwarf_child(&*function, &child) != 0) return prototype;
  do {
    if (dwarf_tag(&child) != DW_TAG_formal_parameter || is_result(child)) continue;
    UserPrototype::Parameter parameter;
    const char* name = dwarf_diename(&child);
    parameter.name = name ? name : "";
    parameter.c_type = DwarfTypes::c_type_of(child);
    parameter.type = types.type_of(child);
    prototype.parameters.push_back(std::move(parameter));
    dies.push_back(child);
  } while (dwarf_siblingof(&child, &child) == 0);
  place_by_convention(convention_of(*unit), *function, dies, prototype);
  place_by_locations(dies, *function, address, prototype);
  return prototype;
}

}  // namespace gimlet::kernel
