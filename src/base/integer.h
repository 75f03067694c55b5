// The reader of integers (language §1.3), shared by the scanner, attach points, positional
// parameters and the command line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace gimlet::base {

enum class IntegerForms {
  Script,       // what a program may contain: no 0b..., no suffix after a hexadecimal number
  CommandWord,  // also 0b..., hexadecimal with suffix
};

// The value, scaled by its duration suffix to nanoseconds, or the error's text without the
// offending word: "invalid integer suffix 'x'", "overflow error, maximum value is N", ...
std::variant<uint64_t, std::string> parse_integer(std::string_view text, IntegerForms forms);

}  // namespace gimlet::base
