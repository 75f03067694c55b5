#include "kernel/usdt_notes.h"

#include <gelf.h>
#include <libelf.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "kernel/elf.h"
#include "kernel/usdt_arguments.h"

namespace gimlet::kernel {
namespace {

using ast::UsdtLocation;
using ast::UsdtMarker;

constexpr uint32_t kNoteType = 3;

struct Note {
  uint64_t location = 0, base = 0, semaphore = 0;
  std::string_view provider, name, arguments;
};

// The string that ends within `rest`, which then starts behind it.
bool take_string(std::string_view& rest, std::string_view& text) {
  const size_t end = rest.find('\0');
  if (end == std::string_view::npos) return false;
  text = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return true;
}

std::optional<Note> read_note(std::string_view bytes, bool is_64_bit) {
  const size_t word = is_64_bit ? 8 : 4;
  if (bytes.size() < 3 * word) return std::nullopt;
  Note note;
  for (uint64_t* address : {&note.location, &note.base, &note.semaphore}) {
    std::memcpy(address, bytes.data(), word);
    bytes.remove_prefix(word);
  }
  if (!take_string(bytes, note.provider) || !take_string(bytes, note.name)) return std::nullopt;
  // The last string's end may be the note's.
  if (!take_string(bytes, note.arguments)) note.arguments = bytes;
  return note;
}

// A section by name, with its header.
Elf_Scn* find_section(Elf* elf, std::string_view wanted, GElf_Shdr& header) {
  size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0) return nullptr;
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
    if (!gelf_getshdr(section, &header)) continue;
    const char* name = elf_strptr(elf, names, header.sh_name);
    if (name && name == wanted) return section;
  }
  return nullptr;
}

std::vector<Note> read_notes(Elf* elf, bool is_64_bit) {
  std::vector<Note> notes;
  GElf_Shdr header;
  Elf_Scn* section = find_section(elf, ".note.stapsdt", header);
  Elf_Data* data = section && header.sh_type == SHT_NOTE ? elf_getdata(section, nullptr) : nullptr;
  if (!data || !data->d_buf) return notes;
  const auto* bytes = static_cast<const char*>(data->d_buf);
  GElf_Nhdr note;
  size_t name = 0, content = 0;
  for (size_t at = 0; (at = gelf_getnote(data, at, &note, &name, &content)) > 0;) {
    const bool ours = note.n_type == kNoteType && note.n_namesz == sizeof("stapsdt") &&
                      std::memcmp(bytes + name, "stapsdt", sizeof("stapsdt")) == 0;
    if (!ours) continue;
    if (auto read = read_note({bytes + content, note.n_descsz}, is_64_bit)) notes.push_back(*read);
  }
  return notes;
}

std::optional<UsdtMachine> machine_of(Elf* elf) {
  GElf_Ehdr header;
  if (!gelf_getehdr(elf, &header)) return std::nullopt;
  if (header.e_machine == EM_X86_64 || header.e_machine == EM_386) return UsdtMachine::X86_64;
  if (header.e_machine == EM_AARCH64) return UsdtMachine::Arm64;
  return std::nullopt;
}

// Numbers the locations of a marker by what their arguments are.
void number_arguments(UsdtMarker& marker) {
  std::vector<const UsdtLocation*> kinds;
  for (UsdtLocation& location : marker.locations) {
    auto same = [&](const UsdtLocation* other) { return other->arguments == location.arguments; };
    auto found = std::find_if(kinds.begin(), kinds.end(), same);
    location.arguments_number = static_cast<uint32_t>(found - kinds.begin());
    if (found == kinds.end()) kinds.push_back(&location);
  }
}

}  // namespace

base::Result<std::vector<UsdtMarker>> read_usdt_markers(const std::string& path) {
  auto file = ElfFile::open(path);
  if (!file.ok()) return file.error();
  Elf* elf = file->elf();
  const auto machine = machine_of(elf);
  if (!machine) return std::vector<UsdtMarker>();
  GElf_Shdr base{};
  const bool has_base = find_section(elf, ".stapsdt.base", base) != nullptr;

  std::map<std::pair<std::string, std::string>, UsdtMarker> markers;
  for (const Note& note : read_notes(elf, gelf_getclass(elf) == ELFCLASS64)) {
    const uint64_t moved = has_base && note.base != 0 ? base.sh_addr - note.base : 0;
    UsdtLocation location;
    location.address = note.location + moved;
    const auto offset = file->file_offset(location.address);
    if (!offset.ok()) continue;
    location.file_offset = *offset;
    if (note.semaphore != 0) {
      const auto semaphore = file->file_offset(note.semaphore + moved);
      if (!semaphore.ok()) continue;
      location.semaphore_offset = *semaphore;
    }
    auto distance = [&](std::string_view symbol) -> std::optional<int64_t> {
      const auto found = file->symbol(symbol);
      if (!found) return std::nullopt;
      return static_cast<int64_t>(found->address - location.address);
    };
    location.arguments = parse_usdt_arguments(note.arguments, *machine, distance);
    UsdtMarker& marker = markers[{std::string(note.provider), std::string(note.name)}];
    marker.provider = note.provider;
    marker.name = note.name;
    auto same_place = [&](const UsdtLocation& other) { return other.address == location.address; };
    const bool known = std::any_of(marker.locations.begin(), marker.locations.end(), same_place);
    if (!known) marker.locations.push_back(std::move(location));
  }

  std::vector<UsdtMarker> sorted;
  for (auto& [name, marker] : markers) {
    std::sort(marker.locations.begin(), marker.locations.end(),
              [](const auto& a, const auto& b) { return a.address < b.address; });
    number_arguments(marker);
    sorted.push_back(std::move(marker));
  }
  return sorted;
}

}  // namespace gimlet::kernel
