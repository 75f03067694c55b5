// Reading through libelf, which checks sections and strings against the file's size; whatever it
// refuses is skipped.
#include "kernel/elf.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace gimlet::kernel {
namespace {

base::Error elf_error(const std::string& path, const char* what) {
  return {fmt::format("{}: {}", path, what), {}};
}

// Some tables carry "malloc@@GLIBC_2.2.5"; probes name the function only.
std::string_view without_version(std::string_view name) { return name.substr(0, name.find('@')); }

bool is_function(const GElf_Sym& symbol) {
  const auto type = GELF_ST_TYPE(symbol.st_info);
  return (type == STT_FUNC || type == STT_GNU_IFUNC) && symbol.st_shndx != SHN_UNDEF &&
         symbol.st_value != 0;
}

}  // namespace

void ElfFile::CloseElf::operator()(Elf* elf) const { elf_end(elf); }

base::Result<ElfFile> ElfFile::open(const std::string& path) {
  elf_version(EV_CURRENT);
  ElfFile file;
  file.path_ = path;
  file.fd_ = base::UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.fd_) return base::system_error(errno, "Failed to open " + path);
  struct stat st {};
  // libelf waits for input on pipes and terminals.
  if (::fstat(file.fd_.get(), &st) != 0 || !S_ISREG(st.st_mode)) {
    return elf_error(path, "not a regular file");
  }
  file.elf_.reset(elf_begin(file.fd_.get(), ELF_C_READ_MMAP, nullptr));
  if (!file.elf_ || elf_kind(file.elf_.get()) != ELF_K_ELF) {
    return elf_error(path, "not an ELF file");
  }
  size_t count = 0;
  if (elf_getphdrnum(file.elf_.get(), &count) != 0) {
    return elf_error(path, "its program headers cannot be read");
  }
  for (size_t i = 0; i < count && i <= INT32_MAX; ++i) {
    GElf_Phdr header;
    if (!gelf_getphdr(file.elf_.get(), static_cast<int>(i), &header)) break;
    if (header.p_type != PT_LOAD) continue;
    file.segments_.push_back({header.p_vaddr, header.p_offset, header.p_filesz});
  }
  return file;
}

bool ElfFile::map(uint64_t address, uint64_t& offset) const {
  for (const Segment& s : segments_) {
    if (address < s.address || address - s.address >= s.size) continue;
    offset = address - s.address + s.offset;
    return true;
  }
  return false;
}

template <typename Visit>
void ElfFile::each_symbol(Visit visit) const {
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_.get(), section)) != nullptr;) {
    GElf_Shdr header;
    if (!gelf_getshdr(section, &header)) continue;
    if (header.sh_type != SHT_SYMTAB && header.sh_type != SHT_DYNSYM) continue;
    Elf_Data* data = elf_getdata(section, nullptr);
    if (!data || header.sh_entsize == 0) continue;
    const uint64_t count = std::min<uint64_t>(data->d_size / header.sh_entsize, INT32_MAX);
    for (uint64_t i = 0; i < count; ++i) {
      GElf_Sym symbol;
      if (!gelf_getsym(data, static_cast<int>(i), &symbol)) break;
      const char* name = elf_strptr(elf_.get(), header.sh_link, symbol.st_name);
      if (!name || !*name) continue;
      if (!visit(without_version(name), symbol)) return;
    }
  }
}

template <typename Visit>
void ElfFile::each_function(Visit visit) const {
  each_symbol([&](std::string_view name, const GElf_Sym& symbol) {
    return !is_function(symbol) || visit(name, symbol);
  });
}

std::vector<FunctionSymbol> ElfFile::functions(const ElfFile* layout) const {
  const ElfFile& mapped = layout ? *layout : *this;
  std::vector<FunctionSymbol> found;
  each_function([&](std::string_view name, const GElf_Sym& symbol) {
    uint64_t offset = 0;
    if (mapped.map(symbol.st_value, offset)) {
      found.push_back({std::string(name), symbol.st_value, symbol.st_size, offset,
                       GELF_ST_TYPE(symbol.st_info) == STT_GNU_IFUNC});
    }
    return true;
  });
  keep_best_symbols(found);
  return found;
}

bool ElfFile::has_symbol_table() const {
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_.get(), section)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB) return true;
  }
  return false;
}

base::Result<size_t> ElfFile::read_bytes(uint64_t offset, void* to, size_t size) const {
  const ssize_t got = ::pread(fd_.get(), to, size, static_cast<off_t>(offset));
  if (got < 0) return base::system_error(errno, "Failed to read " + path_);
  return static_cast<size_t>(got);
}

void keep_best_symbols(std::vector<FunctionSymbol>& found) {
  auto before = [](const FunctionSymbol& a, const FunctionSymbol& b) {
    if (a.name != b.name) return a.name < b.name;
    return (a.size != 0) > (b.size != 0);
  };
  std::stable_sort(found.begin(), found.end(), before);
  auto same_name = [](const FunctionSymbol& a, const FunctionSymbol& b) {
    return a.name == b.name;
  };
  found.erase(std::unique(found.begin(), found.end(), same_name), found.end());
}

base::Result<FunctionSymbol> ElfFile::function(const std::string& wanted) const {
  FunctionSymbol found;
  each_function([&](std::string_view name, const GElf_Sym& symbol) {
    uint64_t offset = 0;
    if (name != wanted || !map(symbol.st_value, offset)) return true;
    if (found.address == 0 || symbol.st_size != 0) {
      found = {wanted, symbol.st_value, symbol.st_size, offset,
               GELF_ST_TYPE(symbol.st_info) == STT_GNU_IFUNC};
    }
    return found.size == 0;
  });
  if (found.address == 0) {
    return base::Error{fmt::format("Could not resolve symbol: {}:{}", path_, wanted), {}};
  }
  return found;
}

base::Result<uint64_t> ElfFile::file_offset(uint64_t address) const {
  uint64_t offset = 0;
  if (map(address, offset)) return offset;
  return base::Error{fmt::format("Could not resolve address: {}:{:#x}", path_, address), {}};
}

std::optional<UserSymbol> ElfFile::symbol(std::string_view wanted) const {
  std::optional<UserSymbol> found;
  each_symbol([&](std::string_view name, const GElf_Sym& symbol) {
    const auto type = GELF_ST_TYPE(symbol.st_info);
    const bool lies_here = symbol.st_shndx != SHN_UNDEF && type != STT_TLS && type != STT_FILE;
    if (lies_here && name == wanted) found = UserSymbol{symbol.st_value, symbol.st_size};
    return !found;
  });
  return found;
}

bool is_probeable(const std::string& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0 || !S_ISREG(st.st_mode)) return false;
  base::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  unsigned char header[EI_NIDENT + sizeof(Elf64_Half)];  // e_type follows the identification
  if (!fd || ::read(fd.get(), header, sizeof header) != static_cast<ssize_t>(sizeof header)) {
    return false;
  }
  if (std::memcmp(header, ELFMAG, SELFMAG) != 0) return false;
  const bool big_endian = header[EI_DATA] == ELFDATA2MSB;
  const unsigned low = header[EI_NIDENT + (big_endian ? 1 : 0)];
  const unsigned high = header[EI_NIDENT + (big_endian ? 0 : 1)];
  const unsigned type = low | high << 8;
  return type == ET_DYN || (type == ET_EXEC && (st.st_mode & S_IXUSR));
}

}  // namespace gimlet::kernel
