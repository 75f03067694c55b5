// Addresses as people write them: "127.0.0.1", "::1", "AA:BB:CC:DD:EE:FF".
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "ast/type.h"

namespace gimlet::runtime {

// Of type Inet or MacAddress. An unknown family, and bytes that are too few, give an empty text.
std::string address_text(const ast::Type& type, std::span<const uint8_t> bytes);

}  // namespace gimlet::runtime
