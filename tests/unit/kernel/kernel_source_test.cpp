// A small program stands for the kernel's image and a compiled file for a module; what the running
// kernel would say of them lies in a folder of the test's own.
#include "kernel/kernel_source.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "kernel/elf.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;
namespace fs = std::filesystem;

namespace {

constexpr const char* kCode =
    "#line 100 \"/src/fs/read.c\"\n"
    "int sink;\n"
    "static inline __attribute__((always_inline)) void inner(void) { sink++; }\n"
    "void _stext(void) { sink = 1; }\n"
    "int vfs_read(int x) {\n"
    "  __asm__ volatile(\"nop\");\n"
    "  inner();\n"
    "  return x + sink;\n"
    "}\n";

// A system of the test's own; gone with it.
class System {
 public:
  System() {
    char name[] = "/tmp/gimlet-system-XXXXXX";
    REQUIRE(::mkdtemp(name));
    root_ = name;
    write("code.c", kCode);
  }
  System(const System&) = delete;
  System& operator=(const System&) = delete;
  ~System() { fs::remove_all(root_); }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories(fs::path(path_of(path)).parent_path());
    std::ofstream(path_of(path)) << text;
  }
  void compile(const std::string& options, const std::string& path) const {
    fs::create_directories(fs::path(path_of(path)).parent_path());
    const std::string command =
        fmt::format("cc -g -O1 {} -o {} {}/code.c 2>/dev/null", options, path_of(path), root_);
    if (std::system("cc --version >/dev/null 2>&1") != 0) SKIP("there is no compiler");
    REQUIRE(std::system(command.c_str()) == 0);
  }
  std::string path_of(const std::string& path) const { return root_ + "/" + path; }
  kernel::KernelFiles files() const { return {root_, "9.9", {}}; }

 private:
  std::string root_;
};

constexpr const char* kImage = "usr/lib/debug/boot/vmlinux-9.9";
constexpr const char* kImageOptions =
    "-static -nostdlib -Wl,--entry=_stext -Wl,--build-id=0x1234567890abcdef";
constexpr const char* kOtherImageOptions =
    "-static -nostdlib -Wl,--entry=_stext -Wl,--build-id=0x1234567890abcdff";
// Notes with the build id 12 34 56 78 90 ab cd ef.
const std::string kNotes("\4\0\0\0\10\0\0\0\3\0\0\0GNU\0\x12\x34\x56\x78\x90\xab\xcd\xef", 24);

uint64_t address_in(const std::string& path, const char* name) {
  auto file = kernel::ElfFile::open(path);
  REQUIRE(file.ok());
  auto symbol = file->symbol(name);
  REQUIRE(symbol);
  return symbol->address;
}

// All places of the function's first bytes.
std::vector<kernel::SourcePlace> places_near(kernel::KernelSource& source, uint64_t address,
                                             const std::string& module) {
  for (uint64_t offset = 0; offset < 16; offset++) {
    auto places = source.find(address + offset, module);
    if (places.size() > 1) return places;
  }
  return {};
}

void check_inlined(const std::vector<kernel::SourcePlace>& places) {
  REQUIRE(places.size() == 2);
  CHECK(places[0].function == "inner");
  CHECK(places[0].file == "/src/fs/read.c");
  CHECK(places[0].line == 101);
  CHECK(places[1].file == "/src/fs/read.c");
  CHECK(places[1].line == 105);
}

}  // namespace

TEST_CASE("lines of a kernel that was moved") {
  System system;
  system.compile(kImageOptions, kImage);
  const std::string image = system.path_of(kImage);
  const uint64_t start = 0xffffffff9a000000;
  system.write("proc/kallsyms", fmt::format("{:x} T _stext\n", start));
  const uint64_t function = start + address_in(image, "vfs_read") - address_in(image, "_stext");
  kernel::KernelSource source(system.files());
  auto places = source.find(function, "");
  REQUIRE(places.size() == 1);
  CHECK(places[0].file == "/src/fs/read.c");
  CHECK(places[0].line >= 103);
  CHECK(places[0].line <= 104);
  check_inlined(places_near(source, function, ""));
  CHECK(source.find(start - 1, "").empty());
  CHECK(source.find(function, "no_such_module").empty());
}

TEST_CASE("only an image of the same build is believed") {
  System system;
  system.compile(kImageOptions, kImage);
  system.compile(kOtherImageOptions, "boot/vmlinux-9.9");
  CHECK(kernel::kernel_images(system.files()).size() == 2);
  system.write("sys/kernel/notes", kNotes);
  CHECK(kernel::build_id_of_notes(system.path_of("sys/kernel/notes")) == "1234567890abcdef");
  CHECK(kernel::kernel_images(system.files()) == std::vector<std::string>{system.path_of(kImage)});
  system.compile(kImageOptions, "usr/lib/debug/.build-id/12/34567890abcdef.debug");
  CHECK(kernel::kernel_images(system.files()).size() == 2);
  auto files = system.files();
  files.image = system.path_of("boot/vmlinux-9.9");
  CHECK(kernel::kernel_images(files) == std::vector<std::string>{files.image});
}

TEST_CASE("lines of a module") {
  System system;
  const std::string file = "usr/lib/debug/lib/modules/9.9/kernel/net/test-module.ko.debug";
  system.compile("-c -ffunction-sections", file);
  system.write("lib/modules/9.9/modules.dep",
               "kernel/net/other.ko:\nkernel/net/test-module.ko.xz: kernel/net/other.ko\n");
  const uint64_t function = 0xffffffffc0123000;
  system.write("sys/module/test_module/sections/.text.vfs_read", fmt::format("{:#x}\n", function));
  kernel::KernelSource source(system.files());
  auto places = source.find(function, "test_module");
  REQUIRE(places.size() == 1);
  CHECK(places[0].file == "/src/fs/read.c");
  check_inlined(places_near(source, function, "test_module"));
  CHECK(source.find(function + 0x1000, "test_module").empty());
  CHECK(source.find(function, "").empty());
}

TEST_CASE("a system without debug information has no lines") {
  System system;
  system.write(kImage, "no image");
  system.write("sys/kernel/notes", std::string("\4\0\0\0\377\377\377\377\3\0\0\0GNU", 16));
  CHECK(kernel::build_id_of_notes(system.path_of("sys/kernel/notes")).empty());
  kernel::KernelSource source(system.files());
  CHECK(source.find(0xffffffff81000000, "").empty());
}
