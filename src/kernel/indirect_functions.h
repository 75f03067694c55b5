// Indirect functions: a program that starts asks them which implementation it shall call, which
// depends on the processor. A probe on such a function would see this question only, not the calls.
// For libraries that we use ourselves the answer is known: it is the one that we got.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace gimlet::kernel {

// The ELF address of the implementation that the function of this library stands for.
std::optional<uint64_t> chosen_implementation(const std::string& path, const std::string& name);

}  // namespace gimlet::kernel
