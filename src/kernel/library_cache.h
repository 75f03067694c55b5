// /etc/ld.so.cache: where the dynamic linker finds libraries by name.
//
// Format "glibc-ld.so.cache1.1" (glibc 2.2 and later, alone or behind the older
// "ld.so-1.7.0" table): a 48-byte header, entries of 24 bytes, then strings whose offsets count
// from the header.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gimlet::kernel {

struct CachedLibrary {
  std::string name;  // "libc.so.6"
  std::string path;
};

// The libraries of this architecture, in the file's order. Damaged content ends the list early.
std::vector<CachedLibrary> parse_library_cache(std::span<const std::byte> bytes);

// Does `name` answer to the short name `text`: "libc.so.6" and "libc.so" both answer to "libc".
bool answers_to(std::string_view name, std::string_view text);

// The entry named exactly `text`, else the first that answers to it.
std::optional<std::string> find_library(const std::vector<CachedLibrary>& libraries,
                                        std::string_view text);

}  // namespace gimlet::kernel
