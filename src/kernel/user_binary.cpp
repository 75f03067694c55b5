#include "kernel/user_binary.h"

#include <fmt/format.h>
#include <gelf.h>

#include <algorithm>
#include <utility>

#include "kernel/debug_file.h"
#include "kernel/dwarf_functions.h"
#include "kernel/instruction_length.h"

namespace gimlet::kernel {

base::Result<std::unique_ptr<UserBinary>> UserBinary::open(
    const std::string& path, const std::vector<std::string>& debug_folders) {
  auto elf = ElfFile::open(path);
  if (!elf.ok()) return elf.error();
  return std::unique_ptr<UserBinary>(new UserBinary(path, std::move(*elf), debug_folders));
}

const std::string& UserBinary::debug_file() {
  if (!debug_file_) debug_file_ = find_debug_file(path_, elf_.elf(), debug_folders_);
  return *debug_file_;
}

const std::vector<FunctionSymbol>& UserBinary::functions() {
  if (functions_) return *functions_;
  functions_ = elf_.functions();
  if (elf_.has_symbol_table() || debug_file().empty()) return *functions_;
  auto debug = ElfFile::open(debug_file());
  if (!debug.ok()) return *functions_;
  for (FunctionSymbol& symbol : debug->functions(&elf_)) functions_->push_back(std::move(symbol));
  keep_best_symbols(*functions_);
  return *functions_;
}

base::Result<FunctionSymbol> UserBinary::function(const std::string& name) {
  if (!functions_) {
    auto found = elf_.function(name);
    if (found.ok() || elf_.has_symbol_table()) return found;
  }
  const auto& all = functions();
  auto at = std::lower_bound(
      all.begin(), all.end(), name,
      [](const FunctionSymbol& symbol, const std::string& wanted) { return symbol.name < wanted; });
  if (at != all.end() && at->name == name) return *at;
  return base::Error{fmt::format("Could not resolve symbol: {}:{}", path_, name), {}};
}

std::optional<UserSymbol> UserBinary::symbol(const std::string& name) {
  auto found = elf_.symbol(name);
  if (found || elf_.has_symbol_table() || debug_file().empty()) return found;
  auto debug = ElfFile::open(debug_file());
  return debug.ok() ? debug->symbol(name) : std::nullopt;
}

DwarfFile* UserBinary::dwarf() {
  if (std::exchange(opened_dwarf_, true)) return dwarf_.get();
  auto own = DwarfFile::open(path_);
  if (own.ok()) {
    dwarf_ = std::move(*own);
  } else if (!debug_file().empty()) {
    auto separate = DwarfFile::open(debug_file());
    if (separate.ok()) dwarf_ = std::move(*separate);
  }
  if (dwarf_) types_ = std::make_unique<DwarfTypes>(*dwarf_, path_);
  return dwarf_.get();
}

base::Result<uint64_t> UserBinary::source_line(const SourceLine& wanted) {
  if (dwarf()) return find_source_line(*dwarf_, wanted);
  return base::Error{fmt::format("No DWARF debug info found for '{}', cannot attach by source code "
                                 "location.",
                                 path_),
                     {}};
}

base::Result<UserPrototype> UserBinary::prototype(uint64_t address) {
  if (dwarf()) return find_prototype(*dwarf_, *types_, address);
  return base::Error{fmt::format("no debuginfo found for {}", path_), {}, ENOENT};
}

const ast::StructLayout* UserBinary::find_struct(std::string_view tagged_name) {
  return dwarf() ? types_->find_struct(tagged_name) : nullptr;
}

base::Result<bool> UserBinary::instruction_starts(const FunctionSymbol& function,
                                                  uint64_t address) {
  return kernel::instruction_starts(elf_, function, address);
}

base::Result<std::optional<GoFunction>> UserBinary::go_function(const FunctionSymbol& function) {
  if (!go_code_) go_code_ = find_go_code(elf_);
  const auto& code = *go_code_;
  if (!code || function.address < code->begin || function.address >= code->end) {
    return std::optional<GoFunction>();
  }
  auto found = read_go_function(elf_, function);
  if (!found.ok()) return found.error();
  return std::optional<GoFunction>(std::move(*found));
}

}  // namespace gimlet::kernel
