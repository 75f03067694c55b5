// The argument string of a USDT note: "-4@%eax 8@-24(%rbp) 2@$7" on x86_64, "-4@w0 8@[sp, 24] 2@7"
// on arm64. Each word is SIZE@OPERAND in the machine's assembler syntax, SIZE negative for signed.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "ast/usdt.h"

namespace gimlet::kernel {

enum class UsdtMachine : uint8_t { X86_64, Arm64 };

// How far a symbol lies from the marker, for operands that are relative to the code.
using SymbolDistance = std::function<std::optional<int64_t>(std::string_view symbol)>;

// At most kUsdtArguments; what cannot be understood has the form Unknown, so that the others keep
// their numbers.
std::vector<ast::UsdtArgument> parse_usdt_arguments(std::string_view text, UsdtMachine machine,
                                                    const SymbolDistance& distance);

}  // namespace gimlet::kernel
