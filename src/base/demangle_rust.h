// Names of Rust functions in the newer form, which starts with "_R" (Rust RFC 2603): a path in
// prefix notation, whose parts are told by single letters, with references back to what has been
// written before.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gimlet::base {

// "_RNvNtCs1234_4core3fmt5write" -> "core::fmt::write", "_RINvC1a1fmE" -> "a::f::<u32>". Hashes
// that tell crates of one name apart are left out. Nothing if it is no such name.
std::optional<std::string> demangle_rust(std::string_view name);

}  // namespace gimlet::base
