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

// The debug information of one program.
class SourcePlaces {
 public:
  virtual ~SourcePlaces() = default;
  // From the innermost inlined function outwards; the last is the function itself. Empty if
  // nothing is known of the address.
  virtual std::vector<SourcePlace> find(uint64_t elf_address) = 0;
};

// Null if neither the program nor its separate debug file has any.
std::unique_ptr<SourcePlaces> open_source_places(const std::string& path);

// The path of the program's separate debug file; empty if there is none.
std::string debug_file_of(const std::string& path);

}  // namespace gimlet::kernel
