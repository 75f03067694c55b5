// Which functions there are is said by the symbol table, and what they look like by BTF.
#include "kernel/external_object.h"

#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <set>
#include <string_view>

#include "base/owners.h"
#include "kernel/btf.h"
#include "kernel/btf_types.h"
#include "kernel/clang_process.h"

#ifndef EM_BPF
#define EM_BPF 247
#endif

namespace gimlet::kernel {
namespace {

constexpr uint32_t kLongestPointerChain = 16;

using ElfOwner = std::unique_ptr<Elf, decltype(&elf_end)>;

struct Parts {
  std::string_view btf;
  std::set<std::string, std::less<>> functions;  // global ones of .text
  bool has_license = false;
};

std::string_view bytes_of(Elf_Scn* section) {
  const Elf_Data* data = elf_rawdata(section, nullptr);
  if (!data || !data->d_buf) return {};
  return {static_cast<const char*>(data->d_buf), data->d_size};
}

void add_functions(Elf* elf, Elf_Scn* section, const GElf_Shdr& header, size_t text, Parts& parts) {
  Elf_Data* data = elf_getdata(section, nullptr);
  if (!data || header.sh_entsize == 0) return;
  for (size_t i = 0; i < header.sh_size / header.sh_entsize && i <= INT32_MAX; ++i) {
    GElf_Sym symbol;
    if (!gelf_getsym(data, static_cast<int>(i), &symbol)) return;
    if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_shndx != text) continue;
    if (GELF_ST_BIND(symbol.st_info) == STB_LOCAL) continue;
    if (const char* name = elf_strptr(elf, header.sh_link, symbol.st_name)) {
      parts.functions.insert(name);
    }
  }
}

Parts take_apart(Elf* elf) {
  Parts parts;
  size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0) return parts;
  size_t text = SHN_UNDEF;
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section));) {
    GElf_Shdr header;
    if (!gelf_getshdr(section, &header)) continue;
    const char* found = elf_strptr(elf, names, header.sh_name);
    const std::string_view name = found ? found : "";
    if (name == ".text") text = elf_ndxscn(section);
    if (name == ".BTF") parts.btf = bytes_of(section);
    if (name == "license") parts.has_license = true;
  }
  if (text == SHN_UNDEF) return parts;
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section));) {
    GElf_Shdr header;
    if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB) continue;
    add_functions(elf, section, header, text, parts);
  }
  return parts;
}

base::Result<std::unique_ptr<Btf>> open_btf(std::string_view bytes) {
  const base::UniqueFd copy(::memfd_create("types", MFD_CLOEXEC));
  if (!copy) return base::system_error(errno, "Failed to create a memory file");
  if (::write(copy.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    return base::system_error(errno, "Failed to write a memory file");
  }
  return Btf::open(path_of(copy));
}

// Types that code can be made for: the linker compares a declaration of ours with the definition,
// and a pointer to a function, say, would be a `void *` in ours.
ast::Type describable(const BtfTypes& types, uint32_t id) {
  uint32_t at = id;
  for (uint32_t depth = 0; depth < kLongestPointerChain; ++depth) {
    const btf_type* type = types.btf().resolve(at);
    if (!type) return at == 0 ? types.type(id) : ast::none_type();
    if (btf_kind(*type) != BTF_KIND_PTR) {
      return types.type(at).known() ? types.type(id) : ast::none_type();
    }
    at = type->type;
  }
  return ast::none_type();
}

ast::ExternalFunction function_of(const BtfTypes& types, const btf_type& function) {
  const Btf& btf = types.btf();
  ast::ExternalFunction result;
  result.name = std::string(btf.name(function));
  uint32_t id = function.type;
  const btf_type* prototype = btf.resolve(id);
  if (!prototype || btf_kind(*prototype) != BTF_KIND_FUNC_PROTO) return result;
  result.result = describable(types, prototype->type);
  for (const btf_param& parameter : btf_parameters(*prototype)) {
    // The `...` of C has neither a name nor a type.
    const bool more = parameter.type == 0;
    result.parameters.push_back({std::string(btf.string(parameter.name_off)),
                                 more ? ast::none_type() : describable(types, parameter.type)});
  }
  return result;
}

}  // namespace

base::Result<ExternalInterface> read_external_object(const std::vector<uint8_t>& bytes,
                                                     const std::string& name) {
  elf_version(EV_CURRENT);
  // libelf takes the bytes as its own to write to, but never does when it only reads.
  auto* start = reinterpret_cast<char*>(const_cast<uint8_t*>(bytes.data()));
  const ElfOwner elf(bytes.empty() ? nullptr : elf_memory(start, bytes.size()), &elf_end);
  GElf_Ehdr header;
  if (!elf || !gelf_getehdr(elf.get(), &header) || header.e_machine != EM_BPF ||
      header.e_type != ET_REL) {
    return base::Error{fmt::format("{} is not an object file with BPF code", name), {}};
  }
  const Parts parts = take_apart(elf.get());
  if (parts.btf.empty()) {
    return base::Error{fmt::format("{} has no type information (BTF)", name),
                       "compile it with clang -g -O2 -target bpf -c"};
  }
  auto btf = open_btf(parts.btf);
  if (!btf.ok()) return base::Error{fmt::format("{}: {}", name, btf.error().message), {}};
  const BtfTypes types(std::move(*btf), "external");
  ExternalInterface interface;
  interface.has_license = parts.has_license;
  for (const uint32_t id : types.btf().function_ids()) {
    const btf_type& function = *types.btf().type(id);
    if (parts.functions.find(types.btf().name(function)) == parts.functions.end()) continue;
    interface.functions.push_back(function_of(types, function));
  }
  return interface;
}

}  // namespace gimlet::kernel
