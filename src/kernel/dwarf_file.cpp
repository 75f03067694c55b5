// Reading through libdw, which checks what it reads; what it refuses counts as not being there.
#include "kernel/dwarf_file.h"

#include <dwarf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>

#include <algorithm>
#include <cerrno>

namespace gimlet::kernel {
namespace {

base::Error no_dwarf(const std::string& path) {
  return {fmt::format("No DWARF found for \"{}\"", path), {}};
}

}  // namespace

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
  file->own_.reset(dwarf_begin(file->fd_.get(), DWARF_C_READ));
  file->dwarf_ = file->own_.get();
  if (!file->dwarf_ || !file->read_units()) return no_dwarf(path);
  return file;
}

base::Result<std::unique_ptr<DwarfFile>> DwarfFile::open_relocatable(const std::string& path) {
  std::unique_ptr<DwarfFile> file(new DwarfFile());
  file->path_ = path;
  if (!file->lay_out() || !file->read_units()) return no_dwarf(path);
  return file;
}

// Links the file alone, which gives addresses to its sections and to what its debug information
// says of them.
bool DwarfFile::lay_out() {
  static const Dwfl_Callbacks kThisFileOnly = {
      .find_elf = nullptr,
      .find_debuginfo = [](Dwfl_Module*, void**, const char*, Dwarf_Addr, const char*, const char*,
                           GElf_Word, char**) { return -1; },
      .section_address = dwfl_offline_section_address,
      .debuginfo_path = nullptr};
  linker_.reset(dwfl_begin(&kThisFileOnly));
  if (!linker_) return false;
  dwfl_report_begin(linker_.get());
  Dwfl_Module* module = dwfl_report_offline(linker_.get(), "module", path_.c_str(), -1);
  if (dwfl_report_end(linker_.get(), nullptr, nullptr) != 0 || !module) return false;
  Dwarf_Addr bias = 0;
  dwarf_ = dwfl_module_getdwarf(module, &bias);
  if (dwarf_) read_sections(module, bias);
  return dwarf_ != nullptr;
}

void DwarfFile::read_sections(Dwfl_Module* module, Dwarf_Addr dwarf_bias) {
  Dwarf_Addr bias = 0;
  size_t names = 0;
  Elf* elf = dwfl_module_getelf(module, &bias);
  if (!elf || elf_getshdrstrndx(elf, &names) != 0) return;
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section));) {
    GElf_Shdr header;
    if (!gelf_getshdr(section, &header) || !(header.sh_flags & SHF_ALLOC)) continue;
    const char* name = elf_strptr(elf, names, header.sh_name);
    if (name) sections_.push_back({name, header.sh_addr + bias - dwarf_bias, header.sh_size});
  }
}

bool DwarfFile::read_units() {
  Dwarf_CU* unit = nullptr;
  Dwarf_Half version = 0;
  uint8_t type = 0;
  Dwarf_Die main, split;
  while (dwarf_get_units(dwarf_, unit, &unit, &version, &type, &main, &split) == 0) {
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
    units_.push_back(std::move(found));
  }
  return !units_.empty();
}

void DwarfFile::index_units() {
  for (size_t i = 0; i < units_.size(); i++) {
    Dwarf_Addr base = 0, begin = 0, end = 0;
    ptrdiff_t next = 0;
    while ((next = dwarf_ranges(&units_[i].main, next, &base, &begin, &end)) > 0) {
      // Code that the linker left out is said to be at the very start.
      if (begin != 0 && begin < end) ranges_.push_back({begin, end, i});
    }
  }
  std::sort(ranges_.begin(), ranges_.end(),
            [](const Range& a, const Range& b) { return a.begin < b.begin; });
}

const DwarfFile::Unit* DwarfFile::unit_of(uint64_t address) {
  if (ranges_.empty()) index_units();
  auto after = std::upper_bound(ranges_.begin(), ranges_.end(), address,
                                [](uint64_t a, const Range& range) { return a < range.begin; });
  if (after == ranges_.begin()) return nullptr;
  const Range& range = *std::prev(after);
  return address < range.end ? &units_[range.unit] : nullptr;
}

}  // namespace gimlet::kernel
