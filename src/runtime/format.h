// The formatting engine of printf (probes-and-stdlib B6, cli-and-output C7).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ast/format.h"
#include "runtime/value.h"

namespace gimlet::runtime {

// Arguments beyond the conversions are ignored; a conversion without argument prints "!{missing
// argument}". Sema has checked both, so neither happens with an image of our own.
void append_formatted(std::string& out, std::span<const ast::FormatPiece> pieces,
                      std::span<const Value> arguments);

}  // namespace gimlet::runtime
