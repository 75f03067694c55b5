// Function symbols of ELF files, and where their code lies in the file.
//
// The kernel attaches user probes by file offset, while symbol tables speak of virtual addresses;
// the program headers say which part of the file is mapped where.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/owners.h"
#include "base/result.h"
#include "kernel/kernel.h"

struct Elf;

namespace gimlet::kernel {

class ElfFile {
 public:
  static base::Result<ElfFile> open(const std::string& path);

  ElfFile(ElfFile&&) noexcept = default;
  ElfFile& operator=(ElfFile&&) noexcept = default;

  // Functions and indirect functions of .symtab and .dynsym that are defined here, sorted by name,
  // each name once.
  // `layout`: the file that says where they lie, if this is its separate debug file.
  std::vector<FunctionSymbol> functions(const ElfFile* layout = nullptr) const;
  // The one with that name: the first with a size, else the first.
  base::Result<FunctionSymbol> function(const std::string& name) const;
  base::Result<uint64_t> file_offset(uint64_t address) const;
  // Any symbol of that name that is defined here: function or variable.
  std::optional<UserSymbol> symbol(std::string_view name) const;
  // False: stripped; there are only the symbols that dynamic linking needs.
  bool has_symbol_table() const;
  // How many bytes could be read at an offset in the file.
  base::Result<size_t> read_bytes(uint64_t offset, void* to, size_t size) const;
  // For readers of what else the file holds; valid as long as this is.
  Elf* elf() const { return elf_.get(); }

 private:
  struct Segment {
    uint64_t address, offset, size;
  };
  struct CloseElf {
    void operator()(Elf* elf) const;
  };

  ElfFile() = default;
  bool map(uint64_t address, uint64_t& offset) const;
  template <typename Visit>
  void each_symbol(Visit visit) const;
  template <typename Visit>
  void each_function(Visit visit) const;

  std::string path_;
  base::UniqueFd fd_;  // outlives elf_, which reads from it
  std::unique_ptr<Elf, CloseElf> elf_;
  std::vector<Segment> segments_;
};

// Sorts by name and leaves one of each name: the first that has a size, else the first.
void keep_best_symbols(std::vector<FunctionSymbol>& symbols);

// Whether a user probe may be put into the file: ELF that is position-independent (programs and
// libraries), or a fixed-address program with execute permission for its owner.
bool is_probeable(const std::string& path);

}  // namespace gimlet::kernel
