// Stacks and symbols as text (probes-and-stdlib B8.2).
#pragma once

#include <span>
#include <string>

#include "ast/type.h"
#include "runtime/symbols.h"

namespace gimlet::runtime {

std::string kernel_stack_text(Symbols& symbols, ast::StackMode mode,
                              std::span<const uint64_t> frames);
std::string user_stack_text(Symbols& symbols, ast::StackMode mode, uint64_t pid,
                            std::span<const uint64_t> frames);

// The name without offset, or 0xADDRESS.
std::string kernel_symbol_text(Symbols& symbols, uint64_t address);
std::string user_symbol_text(Symbols& symbols, uint64_t pid, uint64_t address);

}  // namespace gimlet::runtime
