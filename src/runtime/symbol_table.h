// The function symbols of one ELF file by address, for naming the frames of user stacks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/symbols.h"

namespace gimlet::runtime {

class SymbolTable {
 public:
  // Symbols of .symtab and .dynsym; if there is no .symtab, of the separate debug file, too.
  // An unreadable file gives an empty table.
  static SymbolTable read(const std::string& path);

  // The function that holds this ELF virtual address.
  std::optional<SymbolName> find(uint64_t address) const;
  // ELF virtual address of a file offset.
  std::optional<uint64_t> address_of(uint64_t file_offset) const;
  const std::string& build_id() const { return build_id_; }  // hexadecimal, may be empty
  size_t size() const { return symbols_.size(); }

 private:
  struct Symbol {
    uint64_t address;
    uint64_t size;
    std::string name;
  };
  struct Segment {
    uint64_t address, offset, size;
  };
  // Adds what the file has; true if it has a .symtab.
  bool add_symbols(const std::string& path, bool is_main);
  void sort();

  std::vector<Symbol> symbols_;  // by address
  std::vector<Segment> segments_;
  std::string build_id_;
};

}  // namespace gimlet::runtime
