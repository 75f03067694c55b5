// The integer types of C and of the kernel that everybody knows, by name.
//
// They let most tracepoints be typed, and most casts be read, without opening BTF.
#pragma once

#include <optional>
#include <string_view>

#include "ast/type.h"

namespace gimlet::kernel {

// "unsigned long", "u32", "pid_t", "bool", ... of a 64-bit Linux. Words may come in any order, as
// in C ("long unsigned int").
std::optional<ast::Type> c_integer(std::string_view name);

}  // namespace gimlet::kernel
