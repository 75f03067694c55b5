#include "kernel/debug_file.h"

#include <elfutils/libdwelf.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cstdint>

#include "base/owners.h"
#include "kernel/elf.h"

namespace gimlet::kernel {
namespace {

constexpr const char* kUsualFolder = "/usr/lib/debug";

// The checksum of .gnu_debuglink: CRC-32 as of IEEE 802.3.
uint32_t checksum(std::string_view bytes) {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); i++) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? 0xedb88320U : 0);
    table[i] = value;
  }
  uint32_t sum = ~0U;
  for (const char c : bytes) sum = table[(sum ^ static_cast<unsigned char>(c)) & 0xff] ^ sum >> 8;
  return ~sum;
}

bool is_file(const std::string& path) {
  struct stat st {};
  return ::stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode);
}

bool same_file(const std::string& a, const std::string& b) {
  struct stat first {
  }, second{};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

bool has_build_id(const std::string& path, const std::string& wanted) {
  auto file = ElfFile::open(path);
  return file.ok() && build_id(file->elf()) == wanted;
}

bool has_checksum(const std::string& path, uint32_t wanted) {
  auto file = base::MappedFile::open(path);
  if (!file.ok()) return false;
  auto bytes = file->bytes();
  return checksum({reinterpret_cast<const char*>(bytes.data()), bytes.size()}) == wanted;
}

// "/proc/7/root" of "/proc/7/root/bin/app", "/proc/self/fd/5" of "/proc/self/fd/5/bin/app".
std::string root_of(const std::string& path) {
  constexpr std::string_view kProcess = "/proc/", kDescriptor = "/proc/self/fd/", kRoot = "/root/";
  const bool descriptor = path.starts_with(kDescriptor);
  if (!path.starts_with(kProcess)) return {};
  const size_t digits =
      path.find_first_not_of("0123456789", descriptor ? kDescriptor.size() : kProcess.size());
  if (digits == std::string::npos) return {};
  if (descriptor) return path[digits] == '/' ? path.substr(0, digits) : std::string();
  if (path.compare(digits, kRoot.size(), kRoot) != 0) return {};
  return path.substr(0, digits + kRoot.size() - 1);
}

}  // namespace

std::string build_id(Elf* elf) {
  const void* bytes = nullptr;
  const ssize_t size = dwelf_elf_gnu_build_id(elf, &bytes);
  std::string out;
  for (ssize_t i = 0; i < size; i++) {
    out += fmt::format("{:02x}", static_cast<const unsigned char*>(bytes)[i]);
  }
  return out;
}

std::string find_debug_file(const std::string& path, Elf* elf,
                            const std::vector<std::string>& folders) {
  const std::string root = root_of(path);
  std::vector<std::string> all = folders;
  if (!root.empty()) all.push_back(root + kUsualFolder);
  all.emplace_back(kUsualFolder);

  const std::string id = build_id(elf);
  if (id.size() > 2) {
    for (const std::string& folder : all) {
      std::string found =
          fmt::format("{}/.build-id/{}/{}.debug", folder, id.substr(0, 2), id.substr(2));
      if (is_file(found) && has_build_id(found, id)) return found;
    }
  }

  GElf_Word sum = 0;
  const char* link = dwelf_elf_gnu_debuglink(elf, &sum);
  if (!link || !*link) return {};
  const std::string name = link;
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  std::vector<std::string> candidates = {folder + name, folder + ".debug/" + name};
  const std::string inside = root.empty() ? folder : folder.substr(root.size());
  for (const std::string& other : all) {
    candidates.push_back(other + "/" + inside + name);
    candidates.push_back(other + "/" + name);
  }
  for (const std::string& candidate : candidates) {
    if (is_file(candidate) && !same_file(candidate, path) && has_checksum(candidate, sum)) {
      return candidate;
    }
  }
  return {};
}

}  // namespace gimlet::kernel
