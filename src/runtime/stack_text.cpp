#include "runtime/stack_text.h"

#include <fmt/format.h>

#include <iterator>

#include "ast/unwind_layout.h"

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

namespace {

std::string at_line(const SourceFrame& frame) {
  return frame.file.empty() ? "" : fmt::format("@{}:{}", frame.file, frame.line);
}

// The functions that the compiler put into this one come before it, a line each.
void add_user_frame(std::string& out, Symbols& symbols, StackMode mode, uint64_t pid,
                    uint64_t address, bool is_leaf) {
  auto line = std::back_inserter(out);
  std::optional<SymbolName> symbol = symbols.user(pid, address);
  // A caller's address is that of the instruction behind the call.
  std::vector<SourceFrame> source = symbols.user_source(pid, is_leaf ? address : address - 1);
  for (size_t i = 0; i + 1 < source.size(); i++) {
    if (mode == StackMode::Perf) {
      fmt::format_to(line, "\t{:x} {} (inlined)\n", address, source[i].function);
    } else {
      fmt::format_to(line, "        [inlined] {}{}\n", source[i].function, at_line(source[i]));
    }
  }
  if (mode == StackMode::Perf) {
    fmt::format_to(line, "\t{:x} {} ({})\n", address, with_offset(symbol, address),
                   symbol ? symbol->module : "[unknown]");
  } else {
    fmt::format_to(line, "        {}{}\n", with_offset(symbol, address),
                   source.empty() ? "" : at_line(source.back()));
  }
}

}  // namespace

std::string user_stack_text(Symbols& symbols, StackMode mode, uint64_t pid,
                            std::span<const uint64_t> frames) {
  std::string out = "\n";
  auto line = std::back_inserter(out);
  for (size_t i = 0; i < frames.size(); i++) {
    const uint64_t address = frames[i];
    if (address == ast::kUnwindFailure) {
      out += "        <unwind failure>\n";
    } else if (mode == StackMode::Bpftrace || mode == StackMode::Perf) {
      add_user_frame(out, symbols, mode, pid, address, i == 0);
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
