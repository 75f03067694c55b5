// Debug information in the DWARF format: of a program itself or of its separate debug file.
//
// It is cut into units, one for each source file that was compiled. A unit may keep most of what it
// says in a file of its own (split DWARF, FILE.dwo); those are opened when they are found.
#pragma once

#include <elfutils/libdw.h>

#include <memory>
#include <string>
#include <vector>

#include "base/owners.h"
#include "base/result.h"

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

  const std::vector<Unit>& units() const { return units_; }
  // The unit with the code at an ELF address; null if none has.
  const Unit* unit_of(uint64_t address);
  const std::string& path() const { return path_; }
  Dwarf* dwarf() const { return dwarf_.get(); }

 private:
  struct Close {
    void operator()(Dwarf* dwarf) const { dwarf_end(dwarf); }
  };
  DwarfFile() = default;

  std::string path_;
  base::UniqueFd fd_;  // outlives dwarf_
  std::unique_ptr<Dwarf, Close> dwarf_;
  std::vector<Unit> units_;
};

// An attribute's text; empty if there is none.
std::string dwarf_text(Dwarf_Die die, unsigned attribute);
// An attribute's number, if it has one.
bool dwarf_number(Dwarf_Die& die, unsigned attribute, uint64_t& value);

}  // namespace gimlet::kernel
