#include "runtime/symbol_table.h"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/owners.h"
#include "kernel/source_places.h"

namespace gimlet::runtime {
namespace {

struct CloseElf {
  void operator()(Elf* elf) const { elf_end(elf); }
};

std::string hex(const uint8_t* bytes, size_t size) {
  std::string out;
  for (size_t i = 0; i < size; i++) out += fmt::format("{:02x}", bytes[i]);
  return out;
}

// The build id in one note segment or section.
std::string find_build_id(Elf_Data* notes) {
  size_t offset = 0;
  GElf_Nhdr header;
  size_t name = 0;
  size_t description = 0;
  while (notes && (offset = gelf_getnote(notes, offset, &header, &name, &description)) > 0) {
    const auto* bytes = static_cast<const uint8_t*>(notes->d_buf);
    bool gnu = header.n_namesz == 4 && std::memcmp(bytes + name, "GNU", 4) == 0;
    if (gnu && header.n_type == NT_GNU_BUILD_ID) return hex(bytes + description, header.n_descsz);
  }
  return {};
}

}  // namespace

SymbolTable SymbolTable::read(const std::string& path) {
  SymbolTable table;
  bool complete = table.add_symbols(path, true);
  std::string debug_file = complete ? std::string() : kernel::debug_file_of(path);
  if (!debug_file.empty()) table.add_symbols(debug_file, false);
  table.sort();
  return table;
}

bool SymbolTable::add_symbols(const std::string& path, bool is_main) {
  elf_version(EV_CURRENT);
  base::UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return false;
  std::unique_ptr<Elf, CloseElf> elf(elf_begin(fd.get(), ELF_C_READ_MMAP, nullptr));
  if (!elf || elf_kind(elf.get()) != ELF_K_ELF) return false;
  size_t headers = 0;
  if (is_main && elf_getphdrnum(elf.get(), &headers) == 0) {
    for (size_t i = 0; i < headers; i++) {
      GElf_Phdr header;
      if (!gelf_getphdr(elf.get(), static_cast<int>(i), &header)) continue;
      if (header.p_type == PT_LOAD) {
        segments_.push_back({header.p_vaddr, header.p_offset, header.p_filesz});
      }
    }
  }
  bool has_symtab = false;
  Elf_Scn* section = nullptr;
  while ((section = elf_nextscn(elf.get(), section))) {
    GElf_Shdr header;
    if (!gelf_getshdr(section, &header)) continue;
    if (is_main && header.sh_type == SHT_NOTE && build_id_.empty()) {
      build_id_ = find_build_id(elf_getdata(section, nullptr));
    }
    if (header.sh_type != SHT_SYMTAB && header.sh_type != SHT_DYNSYM) continue;
    has_symtab |= header.sh_type == SHT_SYMTAB;
    Elf_Data* data = elf_getdata(section, nullptr);
    size_t count = header.sh_entsize ? header.sh_size / header.sh_entsize : 0;
    for (size_t i = 0; data && i < count; i++) {
      GElf_Sym symbol;
      if (!gelf_getsym(data, static_cast<int>(i), &symbol)) continue;
      int type = GELF_ST_TYPE(symbol.st_info);
      if ((type != STT_FUNC && type != STT_GNU_IFUNC) || symbol.st_shndx == SHN_UNDEF) continue;
      const char* name = elf_strptr(elf.get(), header.sh_link, symbol.st_name);
      if (!name || !*name) continue;
      std::string_view text(name);
      symbols_.push_back(
          {symbol.st_value, symbol.st_size, std::string(text.substr(0, text.find('@')))});
    }
  }
  return has_symtab;
}

void SymbolTable::sort() {
  // Of several names of one address the one with a size counts, then the first in the file.
  std::stable_sort(symbols_.begin(), symbols_.end(), [](const Symbol& a, const Symbol& b) {
    if (a.address != b.address) return a.address < b.address;
    return (a.size != 0) > (b.size != 0);
  });
  auto same = [](const Symbol& a, const Symbol& b) { return a.address == b.address; };
  symbols_.erase(std::unique(symbols_.begin(), symbols_.end(), same), symbols_.end());
}

std::optional<SymbolName> SymbolTable::find(uint64_t address) const {
  auto after = std::upper_bound(symbols_.begin(), symbols_.end(), address,
                                [](uint64_t a, const Symbol& s) { return a < s.address; });
  if (after == symbols_.begin()) return std::nullopt;
  const Symbol& symbol = *std::prev(after);
  uint64_t offset = address - symbol.address;
  if (symbol.size != 0 && offset >= symbol.size) return std::nullopt;
  return SymbolName{symbol.name, offset, {}};
}

std::optional<uint64_t> SymbolTable::address_of(uint64_t file_offset) const {
  for (const Segment& segment : segments_) {
    if (file_offset >= segment.offset && file_offset - segment.offset < segment.size) {
      return segment.address + (file_offset - segment.offset);
    }
  }
  return std::nullopt;
}

}  // namespace gimlet::runtime
