// Types and tracepoints are read by the same code as on a running machine; only user binaries are
// lists of symbols instead of ELF files. Lines that fit no form are skipped.
#include "kernel/frozen_kernel.h"

#include <dirent.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "ast/arch.h"
#include "base/glob.h"
#include "base/owners.h"
#include "kernel/c_integers.h"
#include "kernel/file_kernel.h"
#include "kernel/usdt_arguments.h"

namespace gimlet::kernel {
namespace {

struct FrozenBinary {
  std::string path;
  std::vector<std::string> aliases;
  std::vector<FunctionSymbol> functions;  // sorted by name
  std::vector<ast::UsdtMarker> markers;
  struct Line {
    std::string source;
    uint64_t line = 0, column = 0, address = 0;
  };
  std::vector<Line> lines;
  std::map<std::string, UserPrototype> prototypes;  // by function
  std::set<uint64_t> instructions;
};

void add_parameter(FrozenBinary& binary, std::istringstream& words) {
  std::string function;
  UserPrototype::Parameter parameter;
  words >> function >> parameter.c_type >> parameter.name;
  std::string name = parameter.c_type;
  const bool pointer = name.ends_with('*');
  if (pointer) name.pop_back();
  parameter.type = c_integer(name).value_or(ast::void_type());
  if (pointer) parameter.type = ast::pointer_to(parameter.type, ast::AddressSpace::User);
  auto& parameters = binary.prototypes[function].parameters;
  const auto number = static_cast<uint32_t>(parameters.size());
  if (number < ast::kArgumentRegisters) {
    parameter.place = UserPrototype::Parameter::Place::Registers;
    parameter.words = {{ast::argument_offset(number), 0, 8}};
  } else {
    parameter.place = UserPrototype::Parameter::Place::Stack;
    parameter.stack_offset = ast::kReturnAddressSize + 8 * (number - ast::kArgumentRegisters);
  }
  parameters.push_back(std::move(parameter));
}

void add_marker(FrozenBinary& binary, std::istringstream& words) {
  std::string provider, name, arguments;
  ast::UsdtLocation location;
  words >> provider >> name >> std::hex >> location.address >> location.file_offset >>
      location.semaphore_offset;
  std::getline(words, arguments);
  location.arguments = parse_usdt_arguments(arguments, UsdtMachine::X86_64,
                                            [](std::string_view) { return std::nullopt; });
  for (ast::UsdtMarker& marker : binary.markers) {
    if (marker.provider != provider || marker.name != name) continue;
    location.arguments_number = static_cast<uint32_t>(marker.locations.size());
    marker.locations.push_back(std::move(location));
    return;
  }
  binary.markers.push_back({provider, name, {std::move(location)}});
}

FrozenBinary parse_binary(const std::string& text) {
  FrozenBinary binary;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first, rest;
    words >> first;
    if (first.empty() || first.front() == '#') continue;
    if (first == "path") {
      words >> binary.path;
    } else if (first == "alias") {
      words >> rest;
      binary.aliases.push_back(rest);
    } else if (first == "usdt") {
      add_marker(binary, words);
    } else if (first == "parameter") {
      add_parameter(binary, words);
    } else if (first == "line") {
      FrozenBinary::Line place;
      words >> place.source >> place.line >> place.column >> std::hex >> place.address;
      binary.lines.push_back(std::move(place));
    } else if (first == "instruction") {
      uint64_t address = 0;
      words >> std::hex >> address;
      binary.instructions.insert(address);
    } else {
      FunctionSymbol symbol;
      symbol.name = first;
      words >> std::hex >> symbol.address >> std::dec >> symbol.size >> std::hex >>
          symbol.file_offset;
      if (!words) continue;
      symbol.is_ifunc = static_cast<bool>(words >> rest) && rest == "ifunc";
      binary.functions.push_back(std::move(symbol));
    }
  }
  std::sort(binary.functions.begin(), binary.functions.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return binary;
}

std::vector<FrozenBinary> read_binaries(const std::string& folder) {
  std::vector<FrozenBinary> binaries;
  DIR* open_folder = ::opendir(folder.c_str());
  if (!open_folder) return binaries;
  while (const dirent* entry = ::readdir(open_folder)) {
    if (!std::string_view(entry->d_name).ends_with(".symbols")) continue;
    auto text = base::read_file(folder + "/" + entry->d_name);
    if (text.ok()) binaries.push_back(parse_binary(*text));
  }
  ::closedir(open_folder);
  std::sort(binaries.begin(), binaries.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return binaries;
}

KernelPaths frozen_paths(const std::string& folder) {
  return {folder + "/vmlinux.btf",      "", folder, folder + "/kallsyms",
          folder + "/kprobe_blacklist", ""};
}

class FrozenKernel final : public FileKernel {
 public:
  explicit FrozenKernel(const std::string& folder)
      : FileKernel(frozen_paths(folder)), folder_(folder + "/binaries") {}

  base::Result<std::vector<std::string>> resolve_binary(const std::string& text,
                                                        uint64_t) override {
    std::vector<std::string> found;
    for (const FrozenBinary& binary : binaries()) {
      const auto& names = binary.aliases;
      const bool named =
          binary.path == text || std::find(names.begin(), names.end(), text) != names.end();
      const bool matches = base::has_wildcard(text) && base::glob_matches(text, binary.path);
      if (named || matches) found.push_back(binary.path);
    }
    if (!found.empty()) return found;
    return base::Error{
        fmt::format("uprobe target file '{}' does not exist or is not executable", text), {}};
  }

  std::vector<BpfFunction> bpf_functions() override {
    std::vector<BpfFunction> found;
    std::ifstream file(folder_ + "/../bpf_functions");
    for (BpfFunction one; file >> one.program >> one.name >> one.btf_id;) found.push_back(one);
    return found;
  }

  uint64_t function_size(const std::string& name) override {
    auto found = function("/boot/vmlinux", name);
    return found.ok() ? found->size : 0;
  }

  base::Result<std::vector<FunctionSymbol>> functions(const std::string& path) override {
    if (const FrozenBinary* binary = find(path)) return binary->functions;
    return not_found(path);
  }

  base::Result<FunctionSymbol> function(const std::string& path, const std::string& name) override {
    const FrozenBinary* binary = find(path);
    if (!binary) return not_found(path);
    for (const FunctionSymbol& symbol : binary->functions) {
      if (symbol.name == name) return symbol;
    }
    return base::Error{fmt::format("Could not resolve symbol: {}:{}", path, name), {}};
  }

  base::Result<uint64_t> file_offset(const std::string& path, uint64_t address) override {
    const FrozenBinary* binary = find(path);
    if (!binary) return not_found(path);
    for (const FunctionSymbol& symbol : binary->functions) {
      const bool inside = address >= symbol.address && address - symbol.address < symbol.size;
      if (inside || address == symbol.address) {
        return address - symbol.address + symbol.file_offset;
      }
    }
    return base::Error{fmt::format("Could not resolve address: {}:{:#x}", path, address), {}};
  }

  base::Result<std::vector<ast::UsdtMarker>> usdt_markers(const std::string& path) override {
    if (const FrozenBinary* binary = find(path)) return binary->markers;
    return not_found(path);
  }

  base::Result<uint64_t> source_line(const std::string& path, const std::string& source,
                                     uint64_t line, uint64_t column) override {
    const FrozenBinary* binary = find(path);
    if (!binary || binary->lines.empty()) return Kernel::source_line(path, source, line, column);
    bool known = false;
    for (const FrozenBinary::Line& place : binary->lines) {
      if (place.source != source) continue;
      known = true;
      if (place.line == line && (column == 0 || column == place.column)) return place.address;
    }
    if (!known) {
      return base::Error{fmt::format("DWARF error: No compilation unit matches {}", source), {}};
    }
    return base::Error{fmt::format("DWARF error: Unable to map '{}:{}' to address", source, line),
                       {}};
  }

  base::Result<UserPrototype> user_prototype(const std::string& path, uint64_t address) override {
    const FrozenBinary* binary = find(path);
    if (!binary || binary->prototypes.empty()) return Kernel::user_prototype(path, address);
    for (const FunctionSymbol& symbol : binary->functions) {
      if (symbol.address != address) continue;
      auto found = binary->prototypes.find(symbol.name);
      if (found != binary->prototypes.end()) return found->second;
    }
    return base::Error{"Cannot read function parameters", {}};
  }

  base::Result<bool> instruction_starts(const std::string& path, const FunctionSymbol& function,
                                        uint64_t address) override {
    const FrozenBinary* binary = find(path);
    if (!binary || binary->instructions.empty() || address == function.address) {
      return Kernel::instruction_starts(path, function, address);
    }
    return binary->instructions.contains(address);
  }

 private:
  const std::vector<FrozenBinary>& binaries() {
    if (!std::exchange(read_, true)) binaries_ = read_binaries(folder_);
    return binaries_;
  }

  const FrozenBinary* find(const std::string& path) {
    for (const FrozenBinary& binary : binaries()) {
      if (binary.path == path) return &binary;
    }
    return nullptr;
  }

  static base::Error not_found(const std::string& path) {
    return base::system_error(ENOENT, "Failed to open " + path);
  }

  std::string folder_;
  bool read_ = false;
  std::vector<FrozenBinary> binaries_;
};

}  // namespace

std::unique_ptr<Kernel> frozen_kernel(const std::string& folder) {
  return std::make_unique<FrozenKernel>(folder);
}

}  // namespace gimlet::kernel
