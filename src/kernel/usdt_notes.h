// USDT markers of an ELF file, from the notes of its section .note.stapsdt.
//
// Each note (name "stapsdt", type 3) holds three addresses (of the marker, of .stapsdt.base as it
// was when the file was linked, of the semaphore or 0) and three strings (provider, name,
// arguments). If the file was moved to other addresses later, .stapsdt.base tells by how much.
#pragma once

#include <string>
#include <vector>

#include "ast/usdt.h"
#include "base/result.h"

namespace gimlet::kernel {

// By provider and name; empty if the file has none. Damaged notes are left out.
base::Result<std::vector<ast::UsdtMarker>> read_usdt_markers(const std::string& path);

}  // namespace gimlet::kernel
