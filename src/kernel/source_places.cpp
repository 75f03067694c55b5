#include "kernel/source_places.h"

#include <dwarf.h>

#include <cstdlib>

#include "kernel/debug_file.h"
#include "kernel/dwarf_file.h"
#include "kernel/dwarf_lines.h"
#include "kernel/elf.h"

namespace gimlet::kernel {
namespace {

class DwarfPlaces final : public SourcePlaces {
 public:
  explicit DwarfPlaces(std::unique_ptr<DwarfFile> dwarf) : dwarf_(std::move(dwarf)) {}

  std::vector<SourcePlace> find(uint64_t address) override {
    std::vector<SourcePlace> places;
    const DwarfFile::Unit* unit = dwarf_->unit_of(address);
    if (!unit) return places;
    Dwarf_Die main = unit->main, full = unit->full;
    SourcePlace here = place_of(main, address);
    Dwarf_Die* scopes = nullptr;
    int count = dwarf_getscopes(&full, address, &scopes);
    if (count > 0) {
      // Past the innermost inlined function that leads to where it was defined; what is wanted is
      // what it was inlined into.
      Dwarf_Die innermost = scopes[0];
      std::free(scopes);
      scopes = nullptr;
      count = dwarf_getscopes_die(&innermost, &scopes);
    }
    for (int i = 0; i < count; i++) {
      const int tag = dwarf_tag(&scopes[i]);
      if (tag == DW_TAG_subprogram) break;
      if (tag != DW_TAG_inlined_subroutine) continue;
      here.function = function_name(scopes[i]);
      SourcePlace caller = call_of(main, scopes[i]);
      if (!here.function.empty()) places.push_back(std::move(here));
      here = std::move(caller);
    }
    std::free(scopes);
    if (!here.file.empty() || !places.empty()) places.push_back(std::move(here));
    return places;
  }

  const std::vector<SourceSection>& sections() const override { return dwarf_->sections(); }

 private:
  static SourcePlace place_of(Dwarf_Die& unit, uint64_t address) {
    SourcePlace place;
    Dwarf_Line* line = dwarf_getsrc_die(&unit, address);
    const char* file = line ? dwarf_linesrc(line, nullptr, nullptr) : nullptr;
    int number = 0;
    if (!file || dwarf_lineno(line, &number) != 0 || number <= 0) return place;
    place.file = source_path(unit, file);
    place.line = static_cast<uint64_t>(number);
    return place;
  }

  // Where the inlined function is called.
  static SourcePlace call_of(Dwarf_Die& unit, Dwarf_Die& inlined) {
    SourcePlace place;
    uint64_t file = 0, line = 0;
    Dwarf_Files* files = nullptr;
    size_t count = 0;
    if (!dwarf_number(inlined, DW_AT_call_line, line)) return place;
    if (!dwarf_number(inlined, DW_AT_call_file, file)) return place;
    if (dwarf_getsrcfiles(&unit, &files, &count) != 0 || file >= count) return place;
    const char* name = dwarf_filesrc(files, file, nullptr, nullptr);
    if (!name) return place;
    place.file = source_path(unit, name);
    place.line = line;
    return place;
  }

  static std::string function_name(Dwarf_Die& die) {
    std::string name = dwarf_text(die, DW_AT_linkage_name);
    return name.empty() ? dwarf_text(die, DW_AT_name) : name;
  }

  std::unique_ptr<DwarfFile> dwarf_;
};

}  // namespace

std::string debug_file_of(const std::string& path) {
  auto file = ElfFile::open(path);
  return file.ok() ? find_debug_file(path, file->elf(), {}) : std::string();
}

std::unique_ptr<SourcePlaces> open_source_places(const std::string& path) {
  auto dwarf = DwarfFile::open(path);
  if (!dwarf.ok()) {
    const std::string separate = debug_file_of(path);
    if (separate.empty()) return nullptr;
    dwarf = DwarfFile::open(separate);
  }
  if (!dwarf.ok()) return nullptr;
  return std::make_unique<DwarfPlaces>(std::move(*dwarf));
}

std::unique_ptr<SourcePlaces> open_relocatable_places(const std::string& path) {
  auto dwarf = DwarfFile::open_relocatable(path);
  if (!dwarf.ok()) return nullptr;
  return std::make_unique<DwarfPlaces>(std::move(*dwarf));
}

}  // namespace gimlet::kernel
