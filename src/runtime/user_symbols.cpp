#include "runtime/user_symbols.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "base/demangle.h"

namespace gimlet::runtime {
namespace {

// Symbols of all files that are kept in memory, some 60 bytes each.
constexpr size_t kMostSymbols = 4'000'000;

}  // namespace

void UserSymbols::follow(uint64_t pid, bool children) {
  processes_.follow(pid, children);
  if (pid == 0 || children) return;
  // Debug files beside its own are gone with its namespace.
  for (const Mapping& mapping : processes_.foreign_mappings(pid)) {
    if (mapping.path.front() == '/') file(pid, mapping);
  }
}

UserSymbols::File& UserSymbols::file(uint64_t pid, const Mapping& mapping) {
  auto [path, held] = processes_.file_of(pid, mapping);
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) info = {};
  std::string id = fmt::format("{}:{}:{}", info.st_dev, info.st_ino, mapping.path);
  auto known = files_.find(id);
  if (known == files_.end()) {
    SymbolTable symbols = SymbolTable::read(path);
    symbols_kept_ += symbols.size();
    forget_files();
    known = files_.emplace(id, File{path, std::move(held), std::move(symbols)}).first;
  }
  known->second.used = ++uses_;
  return known->second;
}

// Those that were of use longest ago, until there is room.
void UserSymbols::forget_files() {
  auto earlier = [](const auto& a, const auto& b) { return a.second.used < b.second.used; };
  while (symbols_kept_ > kMostSymbols && !files_.empty()) {
    auto oldest = std::min_element(files_.begin(), files_.end(), earlier);
    symbols_kept_ -= oldest->second.symbols.size();
    files_.erase(oldest);
  }
}

std::vector<SourceFrame> UserSymbols::source(uint64_t pid, uint64_t address) {
  const Mapping* mapping = options_.debug_info ? processes_.find(pid, address) : nullptr;
  if (!mapping || mapping->path.front() != '/') return {};
  File& known = file(pid, *mapping);
  if (!std::exchange(known.opened_source, true)) {
    known.source = kernel::open_source_places(known.path);
  }
  auto elf = known.symbols.address_of(address - mapping->begin + mapping->file_offset);
  if (!known.source || !elf) return {};
  std::vector<SourceFrame> frames;
  for (kernel::SourcePlace& place : known.source->find(*elf)) {
    frames.push_back({readable(place.function), std::move(place.file), place.line});
  }
  return frames;
}

std::string UserSymbols::readable(const std::string& name) const {
  return options_.demangle ? base::demangle(name) : name;
}

std::optional<SymbolName> UserSymbols::find(uint64_t pid, uint64_t address) {
  const Mapping* mapping = processes_.find(pid, address);
  // Code that is made at run time may also lie in a file that was made for it.
  if (!mapping || mapping->path.front() != '/') return processes_.find_jitted(pid, address);
  const SymbolTable& symbols = file(pid, *mapping).symbols;
  std::optional<uint64_t> elf = symbols.address_of(address - mapping->begin + mapping->file_offset);
  std::optional<SymbolName> symbol = elf ? symbols.find(*elf) : std::nullopt;
  if (!symbol) return processes_.find_jitted(pid, address);
  symbol->name = readable(symbol->name);
  symbol->module = mapping->path;
  return symbol;
}

std::optional<BuildIdOffset> UserSymbols::build_id(uint64_t pid, uint64_t address) {
  const Mapping* mapping = processes_.find(pid, address);
  if (!mapping || mapping->path.front() != '/') return std::nullopt;
  const std::string& id = file(pid, *mapping).symbols.build_id();
  if (id.empty()) return std::nullopt;
  return BuildIdOffset{id, address - mapping->begin + mapping->file_offset};
}

}  // namespace gimlet::runtime
