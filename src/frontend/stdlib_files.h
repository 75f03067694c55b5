// The .bt files of src/stdlib, as the build found them (cmake/stdlib.cmake writes the definition).
#pragma once

#include <span>
#include <string_view>

namespace gimlet::frontend {

struct File {
  std::string_view name;  // "types.bt"
  std::string_view text;
};

std::span<const File> files();

}  // namespace gimlet::frontend
