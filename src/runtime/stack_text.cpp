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

std::string at_line(const SourceFrame& frame) {
  return frame.file.empty() ? "" : fmt::format("@{}:{}", frame.file, frame.line);
}

// A caller's address is that of the instruction behind the call.
uint64_t instruction_of(uint64_t address, bool is_leaf) { return is_leaf ? address : address - 1; }

// The functions that the compiler put into this one come before it, a line each. `behind`: what
// the mode `perf` has at the end.
void add_frame(std::string& out, StackMode mode, uint64_t address,
               const std::optional<SymbolName>& symbol, const std::vector<SourceFrame>& source,
               const std::string& behind) {
  auto line = std::back_inserter(out);
  for (size_t i = 0; i + 1 < source.size(); i++) {
    if (mode == StackMode::Perf) {
      fmt::format_to(line, "\t{:x} {} (inlined)\n", address, source[i].function);
    } else {
      fmt::format_to(line, "        [inlined] {}{}\n", source[i].function, at_line(source[i]));
    }
  }
  if (mode == StackMode::Perf) {
    fmt::format_to(line, "\t{:x} {}{}\n", address, with_offset(symbol, address), behind);
  } else {
    fmt::format_to(line, "        {}{}\n", with_offset(symbol, address),
                   source.empty() ? "" : at_line(source.back()));
  }
}

void add_kernel_frame(std::string& out, Symbols& symbols, StackMode mode, uint64_t address,
                      bool is_leaf) {
  add_frame(out, mode, address, symbols.kernel(address),
            symbols.kernel_source(instruction_of(address, is_leaf)), {});
}

void add_user_frame(std::string& out, Symbols& symbols, StackMode mode, uint64_t pid,
                    uint64_t address, bool is_leaf) {
  std::optional<SymbolName> symbol = symbols.user(pid, address);
  const std::string module = symbol ? symbol->module : "[unknown]";
  add_frame(out, mode, address, symbol, symbols.user_source(pid, instruction_of(address, is_leaf)),
            " (" + module + ")");
}

}  // namespace

std::string kernel_stack_text(Symbols& symbols, StackMode mode, std::span<const uint64_t> frames) {
  std::string out = "\n";
  for (size_t i = 0; i < frames.size(); i++) {
    if (mode == StackMode::Bpftrace || mode == StackMode::Perf) {
      add_kernel_frame(out, symbols, mode, frames[i], i == 0);
    } else {
      fmt::format_to(std::back_inserter(out), "{:x}\n", frames[i]);
    }
  }
  return out;
}

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
