// Signals by the names that people write: "KILL", "SIGKILL", "sigkill".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gimlet::ast {

constexpr uint32_t kLastSignal = 64;

std::optional<uint32_t> signal_number(std::string_view name);

}  // namespace gimlet::ast
