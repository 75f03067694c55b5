#include "runtime/stack_text.h"

#include <fmt/format.h>

#include <iterator>

namespace gimlet::runtime {
namespace {

using ast::StackMode;

std::string with_offset(const std::optional<SymbolName>& symbol, uint64_t address) {
  if (!symbol) return fmt::format("{:#x}", address);
  return fmt::format("{}+{}", symbol->name, symbol->offset);
}

}  // namespace

std::string kernel_stack_text(Symbols& symbols, StackMode mode, std::span<const uint64_t> frames) {
  std::string out = "\n";
  auto line = std::back_inserter(out);
  for (uint64_t address : frames) {
    if (mode == StackMode::Bpftrace) {
      fmt::format_to(line, "        {}\n", with_offset(symbols.kernel(address), address));
    } else if (mode == StackMode::Perf) {
      fmt::format_to(line, "\t{:x} {}\n", address, with_offset(symbols.kernel(address), address));
    } else {
      fmt::format_to(line, "{:x}\n", address);
    }
  }
  return out;
}

std::string user_stack_text(Symbols& symbols, StackMode mode, uint64_t pid,
                            std::span<const uint64_t> frames) {
  std::string out = "\n";
  auto line = std::back_inserter(out);
  for (uint64_t address : frames) {
    if (mode == StackMode::Bpftrace) {
      fmt::format_to(line, "        {}\n", with_offset(symbols.user(pid, address), address));
    } else if (mode == StackMode::Perf) {
      std::optional<SymbolName> symbol = symbols.user(pid, address);
      fmt::format_to(line, "\t{:x} {} ({})\n", address, with_offset(symbol, address),
                     symbol ? symbol->module : "[unknown]");
    } else if (mode == StackMode::BuildId) {
      std::optional<BuildIdOffset> place = symbols.build_id(pid, address);
      if (place) {
        fmt::format_to(line, "{} 0x{:02x}\n", place->build_id, place->offset);
      } else {
        fmt::format_to(line, "{:x}\n", address);
      }
    } else {
      fmt::format_to(line, "{:x}\n", address);
    }
  }
  return out;
}

std::string kernel_symbol_text(Symbols& symbols, uint64_t address) {
  std::optional<SymbolName> symbol = symbols.kernel(address);
  return symbol ? symbol->name : fmt::format("{:#x}", address);
}

std::string user_symbol_text(Symbols& symbols, uint64_t pid, uint64_t address) {
  std::optional<SymbolName> symbol = symbols.user(pid, address);
  return symbol ? symbol->name : fmt::format("{:#x}", address);
}

}  // namespace gimlet::runtime
