// Reading through libdw, which checks what it reads; what it refuses counts as not being there.
#include "kernel/dwarf_file.h"

#include <dwarf.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>

namespace gimlet::kernel {

std::string dwarf_text(Dwarf_Die die, unsigned attribute) {
  Dwarf_Attribute found;
  if (!dwarf_attr_integrate(&die, attribute, &found)) return {};
  const char* text = dwarf_formstring(&found);
  return text ? text : std::string();
}

bool dwarf_number(Dwarf_Die& die, unsigned attribute, uint64_t& value) {
  Dwarf_Attribute found;
  Dwarf_Word word = 0;
  if (!dwarf_attr_integrate(&die, attribute, &found)) return false;
  if (dwarf_formudata(&found, &word) != 0) return false;
  value = word;
  return true;
}

base::Result<std::unique_ptr<DwarfFile>> DwarfFile::open(const std::string& path) {
  std::unique_ptr<DwarfFile> file(new DwarfFile());
  file->path_ = path;
  file->fd_ = base::UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file->fd_) return base::system_error(errno, "Failed to open " + path);
  file->dwarf_.reset(dwarf_begin(file->fd_.get(), DWARF_C_READ));
  const base::Error none{fmt::format("No DWARF found for \"{}\"", path), {}};
  if (!file->dwarf_) return none;
  Dwarf_CU* unit = nullptr;
  Dwarf_Half version = 0;
  uint8_t type = 0;
  Dwarf_Die main, split;
  while (dwarf_get_units(file->dwarf_.get(), unit, &unit, &version, &type, &main, &split) == 0) {
    if (type == DW_UT_type || type == DW_UT_partial) continue;
    Unit found{main, main};
    if (type == DW_UT_skeleton) {
      if (dwarf_tag(&split) != DW_TAG_invalid) {
        found.full = split;
      } else {
        found.missing_split_file = dwarf_text(main, DW_AT_dwo_name);
        if (found.missing_split_file.empty()) {
          found.missing_split_file = dwarf_text(main, DW_AT_GNU_dwo_name);
        }
      }
    }
    file->units_.push_back(std::move(found));
  }
  if (file->units_.empty()) return none;
  return file;
}

const DwarfFile::Unit* DwarfFile::unit_of(uint64_t address) {
  for (Unit& unit : units_) {
    if (dwarf_haspc(&unit.main, address) > 0) return &unit;
  }
  return nullptr;
}

}  // namespace gimlet::kernel
