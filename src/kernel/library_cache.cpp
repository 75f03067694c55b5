// All reads go through field(), which knows the end of the file.
#include "kernel/library_cache.h"

#include <cstdint>
#include <cstring>

namespace gimlet::kernel {
namespace {

constexpr std::string_view kMagic = "glibc-ld.so.cache1.1";
constexpr std::string_view kOldMagic = "ld.so-1.7.0";
constexpr size_t kHeader = 48, kEntry = 24, kOldHeader = 16, kOldEntry = 12;

// Type (3 = libc6 ELF) and, in the second byte, the ABI of an entry.
#if defined(__x86_64__)
constexpr uint32_t kFlags = 0x0303;
#elif defined(__aarch64__)
constexpr uint32_t kFlags = 0x0a03;
#else
#error "the library cache's flags of this architecture are not known"
#endif

bool field(std::string_view bytes, size_t at, uint32_t& value) {
  if (at > bytes.size() || bytes.size() - at < sizeof value) return false;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return true;
}

std::string_view string_at(std::string_view bytes, size_t at) {
  if (at >= bytes.size()) return {};
  const size_t end = bytes.find('\0', at);
  return end == std::string_view::npos ? std::string_view{} : bytes.substr(at, end - at);
}

// The part that starts with the newer header; empty if there is none.
std::string_view newer_table(std::string_view bytes) {
  uint32_t count = 0;
  if (bytes.starts_with(kOldMagic) && field(bytes, 12, count)) {
    const size_t at = (kOldHeader + size_t{count} * kOldEntry + 7) / 8 * 8;
    if (at >= bytes.size()) return {};
    bytes.remove_prefix(at);
  }
  return bytes.starts_with(kMagic) ? bytes : std::string_view{};
}

}  // namespace

std::vector<CachedLibrary> parse_library_cache(std::span<const std::byte> raw) {
  const auto table = newer_table({reinterpret_cast<const char*>(raw.data()), raw.size()});
  std::vector<CachedLibrary> libraries;
  uint32_t count = 0;
  if (!field(table, kMagic.size(), count)) return libraries;
  for (size_t i = 0; i < count; ++i) {
    const size_t at = kHeader + i * kEntry;
    uint32_t flags = 0, name = 0, path = 0;
    if (!field(table, at, flags) || !field(table, at + 4, name) || !field(table, at + 8, path))
      break;
    if (flags != kFlags) continue;
    const std::string_view name_text = string_at(table, name), path_text = string_at(table, path);
    if (name_text.empty() || path_text.empty()) continue;
    libraries.push_back({std::string(name_text), std::string(path_text)});
  }
  return libraries;
}

bool answers_to(std::string_view name, std::string_view text) {
  if (!name.starts_with(text)) return false;
  name.remove_prefix(text.size());
  return name == ".so" || name.starts_with(".so.");
}

std::optional<std::string> find_library(const std::vector<CachedLibrary>& libraries,
                                        std::string_view text) {
  for (const CachedLibrary& library : libraries) {
    if (library.name == text) return library.path;
  }
  for (const CachedLibrary& library : libraries) {
    if (answers_to(library.name, text)) return library.path;
  }
  return std::nullopt;
}

}  // namespace gimlet::kernel
