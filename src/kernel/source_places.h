// Where an address of a program stands in its source, through all calls that the compiler put in
// place (inlined).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gimlet::kernel {

struct SourcePlace {
  std::string function;  // as the symbol table would have it; empty for the function itself
  std::string file;      // may be empty
  uint64_t line = 0;
};

// A section of a file that is to be linked, where its addresses were laid out.
struct SourceSection {
  std::string name;
  uint64_t address = 0, size = 0;
};

// The debug information of one program.
class SourcePlaces {
 public:
  virtual ~SourcePlaces() = default;
  // From the innermost inlined function outwards; the last is the function itself. Empty if
  // nothing is known of the address.
  virtual std::vector<SourcePlace> find(uint64_t elf_address) = 0;
  // Only of files that open_relocatable_places() opened.
  virtual const std::vector<SourceSection>& sections() const = 0;
};

// Null if neither the program nor its separate debug file has any.
std::unique_ptr<SourcePlaces> open_source_places(const std::string& path);

// For one file that is to be linked, like a module of the kernel. Null if it has none.
std::unique_ptr<SourcePlaces> open_relocatable_places(const std::string& path);

// The path of the program's separate debug file; empty if there is none.
std::string debug_file_of(const std::string& path);

}  // namespace gimlet::kernel
