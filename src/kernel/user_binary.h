// A program or library that is to be traced: its symbols, markers and debug information, each read
// at the first question about it, from the file itself or from its separate debug file.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/dwarf_lines.h"
#include "kernel/dwarf_types.h"
#include "kernel/elf.h"
#include "kernel/go_functions.h"
#include "kernel/kernel.h"

namespace gimlet::kernel {

class UserBinary {
 public:
  // `debug_folders`: looked through for debug files before the usual places.
  static base::Result<std::unique_ptr<UserBinary>> open(
      const std::string& path, const std::vector<std::string>& debug_folders);

  const ElfFile& elf() const { return elf_; }
  // Sorted by name, each name once; also from the debug file if the file is stripped.
  const std::vector<FunctionSymbol>& functions();
  base::Result<FunctionSymbol> function(const std::string& name);

  // A function or a variable.
  std::optional<UserSymbol> symbol(const std::string& name);

  base::Result<uint64_t> source_line(const SourceLine& wanted);
  base::Result<UserPrototype> prototype(uint64_t address);
  // Null also without debug information.
  const ast::StructLayout* find_struct(std::string_view tagged_name);
  // Whether an instruction starts at an ELF address within the function.
  base::Result<bool> instruction_starts(const FunctionSymbol& function, uint64_t address);
  // Nothing if another compiler made the function.
  base::Result<std::optional<GoFunction>> go_function(const FunctionSymbol& function);

 private:
  UserBinary(std::string path, ElfFile elf, std::vector<std::string> debug_folders)
      : path_(std::move(path)), elf_(std::move(elf)), debug_folders_(std::move(debug_folders)) {}
  const std::string& debug_file();
  DwarfFile* dwarf();

  std::string path_;
  ElfFile elf_;
  std::vector<std::string> debug_folders_;
  std::optional<std::string> debug_file_;  // empty: there is none
  std::optional<std::vector<FunctionSymbol>> functions_;
  std::optional<std::optional<GoCode>> go_code_;
  bool opened_dwarf_ = false;
  std::unique_ptr<DwarfFile> dwarf_;
  std::unique_ptr<DwarfTypes> types_;
};

}  // namespace gimlet::kernel
