#include "kernel/kernel_files.h"

#include <elf.h>
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/owners.h"
#include "kernel/debug_file.h"
#include "kernel/elf.h"

namespace gimlet::kernel {
namespace {

constexpr const char* kDebugFolder = "/usr/lib/debug";

bool is_readable(const std::string& path) { return ::access(path.c_str(), R_OK) == 0; }

std::string by_build_id(const KernelFiles& files, const std::string& id) {
  if (id.size() < 3) return {};
  return fmt::format("{}{}/.build-id/{}/{}.debug", files.root, kDebugFolder, id.substr(0, 2),
                     id.substr(2));
}

// Those of the candidates that can be read and are of this build.
std::vector<std::string> of_build(const std::vector<std::string>& candidates,
                                  const std::string& wanted) {
  std::vector<std::string> found;
  for (const std::string& path : candidates) {
    if (path.empty() || !is_readable(path)) continue;
    auto file = ElfFile::open(path);
    if (!file.ok()) continue;
    const std::string id = build_id(file->elf());
    if (id.empty() || wanted.empty() || id == wanted) found.push_back(path);
  }
  return found;
}

// Names of modules have underscores where those of their files may have hyphens.
std::string module_of(std::string_view path) {
  std::string name(path.substr(path.rfind('/') + 1));
  name = name.substr(0, name.find('.'));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// The module's file below /lib/modules/RELEASE: modules.dep has a line "FILE: FILES" for each.
std::string module_path(const KernelFiles& files, const std::string& module) {
  auto text =
      base::read_file(fmt::format("{}/lib/modules/{}/modules.dep", files.root, files.release));
  if (!text) return {};
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::string_view path = line.substr(0, line.find(':'));
    if (module_of(path) == module) return std::string(path);
  }
  return {};
}

constexpr size_t padded(size_t size) { return (size + 3) & ~size_t{3}; }

}  // namespace

KernelFiles running_kernel() {
  utsname system{};
  uname(&system);
  const char* given = getenv("BPFTRACE_VMLINUX");
  return {{}, system.release, given ? given : ""};
}

std::vector<std::string> kernel_images(const KernelFiles& files) {
  if (!files.image.empty()) return {files.image};
  const std::string id = build_id_of_notes(files.root + "/sys/kernel/notes");
  std::vector<std::string> candidates = {by_build_id(files, id)};
  for (const char* form :
       {"{}/usr/lib/debug/boot/vmlinux-{}", "{}/usr/lib/debug/lib/modules/{}/vmlinux",
        "{}/usr/lib/debug/lib/modules/{}/vmlinux.debug", "{}/lib/modules/{}/build/vmlinux",
        "{}/lib/modules/{}/vmlinux", "{}/boot/vmlinux-{}"}) {
    candidates.push_back(fmt::format(fmt::runtime(form), files.root, files.release));
  }
  return of_build(candidates, id);
}

std::vector<std::string> module_files(const KernelFiles& files, const std::string& module) {
  const std::string id = build_id_of_notes(
      fmt::format("{}/sys/module/{}/notes/.note.gnu.build-id", files.root, module));
  std::vector<std::string> candidates = {by_build_id(files, id)};
  if (std::string path = module_path(files, module); !path.empty()) {
    // The debug file of a compressed module is named as if the module were not.
    const std::string plain = path.substr(0, path.rfind(".ko") + 3);
    const std::string folder = fmt::format("/lib/modules/{}/", files.release);
    candidates.push_back(files.root + kDebugFolder + folder + plain + ".debug");
    candidates.push_back(files.root + kDebugFolder + folder + plain);
    candidates.push_back(files.root + folder + path);
  }
  return of_build(candidates, id);
}

std::string build_id_of_notes(const std::string& path) {
  auto notes = base::read_file(path);
  std::string id;
  if (!notes) return id;
  std::string_view rest = *notes;
  Elf64_Nhdr header;
  while (rest.size() >= sizeof header) {
    std::memcpy(&header, rest.data(), sizeof header);
    rest.remove_prefix(sizeof header);
    const size_t name = padded(header.n_namesz), description = padded(header.n_descsz);
    if (name > rest.size() || description > rest.size() - name) break;
    if (header.n_type == NT_GNU_BUILD_ID && rest.starts_with("GNU")) {
      for (unsigned char byte : rest.substr(name, header.n_descsz)) {
        id += fmt::format("{:02x}", byte);
      }
      break;
    }
    rest.remove_prefix(name + description);
  }
  return id;
}

}  // namespace gimlet::kernel
