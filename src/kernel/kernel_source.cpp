#include "kernel/kernel_source.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "base/owners.h"
#include "kernel/elf.h"
#include "kernel/kallsyms.h"

namespace gimlet::kernel {
namespace {

// Symbols at the start of the image's code, one of which every kernel has.
constexpr const char* kLandmarks[] = {"_stext", "_text"};

// The content of a file like "0xffffffffc0001000\n".
uint64_t read_address(const std::string& path) {
  uint64_t address = 0;
  auto text = base::read_file(path);
  if (!text || !text->starts_with("0x")) return 0;
  std::from_chars(text->data() + 2, text->data() + text->size(), address, 16);
  return address;
}

}  // namespace

KernelSource::Object KernelSource::open_image() const {
  const std::string kallsyms = files_.root + "/proc/kallsyms";
  for (const std::string& path : kernel_images(files_)) {
    Object object{open_source_places(path), {}};
    if (!object.places) continue;
    auto file = ElfFile::open(path);
    for (const char* landmark : kLandmarks) {
      auto there = file.ok() ? file->symbol(landmark) : std::nullopt;
      auto here = there ? find_kernel_symbol(kallsyms, landmark) : std::nullopt;
      if (!here) continue;
      object.parts.push_back({*here, std::numeric_limits<uint64_t>::max(), there->address});
      return object;
    }
  }
  return {};
}

std::vector<KernelSource::Part> KernelSource::loaded_parts(const std::string& module,
                                                           const SourcePlaces& places) const {
  std::vector<Part> parts;
  for (const SourceSection& section : places.sections()) {
    const uint64_t begin = read_address(
        fmt::format("{}/sys/module/{}/sections/{}", files_.root, module, section.name));
    if (begin != 0) parts.push_back({begin, begin + section.size, section.address});
  }
  return parts;
}

KernelSource::Object KernelSource::open_module(const std::string& module) const {
  for (const std::string& path : module_files(files_, module)) {
    Object object{open_relocatable_places(path), {}};
    if (!object.places) continue;
    object.parts = loaded_parts(module, *object.places);
    return object;
  }
  return {};
}

std::vector<SourcePlace> KernelSource::find(uint64_t address, const std::string& module) {
  auto [known, is_new] = objects_.try_emplace(module);
  if (is_new) known->second = module.empty() ? open_image() : open_module(module);
  const Object& object = known->second;
  for (const Part& part : object.parts) {
    const bool inside = address >= part.begin && address < part.end;
    if (object.places && inside) return object.places->find(address - part.begin + part.in_file);
  }
  return {};
}

}  // namespace gimlet::kernel
