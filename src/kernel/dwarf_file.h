// Debug information in the DWARF format: of a program itself or of its separate debug file.
//
// It is cut into units, one for each source file that was compiled. A unit may keep most of what it
// says in a file of its own (split DWARF, FILE.dwo); those are opened when they are found.
#pragma once

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include <memory>
#include <string>
#include <vector>

#include "base/owners.h"
#include "base/result.h"
#include "kernel/source_places.h"

namespace gimlet::kernel {

class DwarfFile {
 public:
  struct Unit {
    Dwarf_Die main;  // in the file itself: has the line table and the addresses
    Dwarf_Die full;  // has the functions and types; the same unless the unit is split
    std::string missing_split_file{};  // set if it is split and its other file was not found
  };

  // An Error if the file has no debug information.
  static base::Result<std::unique_ptr<DwarfFile>> open(const std::string& path);
  // Of a file that is to be linked: sections get addresses of their own.
  static base::Result<std::unique_ptr<DwarfFile>> open_relocatable(const std::string& path);

  const std::vector<Unit>& units() const { return units_; }
  // The unit with the code at an ELF address; null if none has.
  const Unit* unit_of(uint64_t address);
  const std::string& path() const { return path_; }
  Dwarf* dwarf() const { return dwarf_; }
  const std::vector<SourceSection>& sections() const { return sections_; }

 private:
  struct Close {
    void operator()(Dwarf* dwarf) const { dwarf_end(dwarf); }
    void operator()(Dwfl* linker) const { dwfl_end(linker); }
  };
  struct Range {
    uint64_t begin, end;
    size_t unit;
  };
  DwarfFile() = default;
  bool read_units();
  void index_units();
  bool lay_out();
  void read_sections(Dwfl_Module* module, Dwarf_Addr dwarf_bias);

  std::string path_;
  base::UniqueFd fd_;  // outlives what reads from it
  std::unique_ptr<Dwarf, Close> own_;
  std::unique_ptr<Dwfl, Close> linker_;  // of a relocatable file, instead of own_
  Dwarf* dwarf_ = nullptr;
  std::vector<Unit> units_;
  std::vector<Range> ranges_;  // of the units' code, by address; read when first needed
  std::vector<SourceSection> sections_;
};

// An attribute's text; empty if there is none.
std::string dwarf_text(Dwarf_Die die, unsigned attribute);
// An attribute's number, if it has one.
bool dwarf_number(Dwarf_Die& die, unsigned attribute, uint64_t& value);

}  // namespace gimlet::kernel
