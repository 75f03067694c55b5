// Function symbols of ELF files: of this test program, of libc, and of damaged files.
#include "kernel/elf.h"

#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <cstring>

#include "kernel/binaries.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;

// Looked for by name; extern "C" and never inlined, so that the symbol table has it.
extern "C" [[gnu::noinline, gnu::used]] int gimlet_elf_test_function(int x) { return x * 3; }

namespace {

// The libc this program runs with, found by asking the dynamic linker.
std::string libc_path() {
  Dl_info info{};
  if (!::dladdr(reinterpret_cast<void*>(&gnu_get_libc_version), &info) || !info.dli_fname)
    return {};
  return info.dli_fname;
}

// "VALUE SIZE" of a dynamic symbol according to readelf.
std::string readelf_symbol(const std::string& path, const std::string& name) {
  const std::string command = "readelf -W --dyn-syms " + path +
                              " 2>/dev/null | awk '{sub(/@.*/, \"\", $8)} $8 == \"" + name +
                              "\" {print $2, $3; exit}'";
  std::string output;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return {};
  for (int c; (c = std::fgetc(pipe)) != EOF;) output.push_back(static_cast<char>(c));
  ::pclose(pipe);
  return output;
}

}  // namespace

TEST_CASE("a function's file offset holds the code that runs") {
  auto file = kernel::ElfFile::open("/proc/self/exe");
  REQUIRE(file.ok());
  auto symbol = file->function("gimlet_elf_test_function");
  REQUIRE(symbol.ok());
  CHECK(symbol->size > 0);
  CHECK_FALSE(symbol->is_ifunc);
  const std::string image = content_of("/proc/self/exe");
  REQUIRE(symbol->file_offset + symbol->size <= image.size());
  const auto* code = reinterpret_cast<const char*>(&gimlet_elf_test_function);
  CHECK(std::memcmp(image.data() + symbol->file_offset, code, symbol->size) == 0);
  CHECK(file->file_offset(symbol->address + 1).value() == symbol->file_offset + 1);
}

TEST_CASE("functions are sorted and each name comes once") {
  auto file = kernel::ElfFile::open("/proc/self/exe");
  REQUIRE(file.ok());
  const auto functions = file->functions();
  REQUIRE(functions.size() > 100);
  auto not_ascending = [](const auto& a, const auto& b) { return a.name >= b.name; };
  CHECK(std::adjacent_find(functions.begin(), functions.end(), not_ascending) == functions.end());
  auto main = std::find_if(functions.begin(), functions.end(),
                           [](const auto& f) { return f.name == "main"; });
  REQUIRE(main != functions.end());
  CHECK(main->address == file->function("main")->address);
}

TEST_CASE("malloc of libc is where readelf says") {
  const std::string libc = libc_path();
  need_file(libc);
  const std::string expected = readelf_symbol(libc, "malloc");
  if (expected.empty()) SKIP("readelf is not installed");
  auto file = kernel::ElfFile::open(libc);
  REQUIRE(file.ok());
  auto symbol = file->function("malloc");
  REQUIRE(symbol.ok());
  unsigned long long address = 0, size = 0;
  REQUIRE(std::sscanf(expected.c_str(), "%llx %llu", &address, &size) == 2);
  CHECK(symbol->address == address);
  CHECK(symbol->size == size);
  CHECK(symbol->file_offset == file->file_offset(address).value());
}

TEST_CASE("versions are no part of a name and indirect functions are marked") {
  const std::string libc = libc_path();
  need_file(libc);
  auto file = kernel::ElfFile::open(libc);
  REQUIRE(file.ok());
  const auto functions = file->functions();
  bool any_version = false, any_ifunc = false;
  for (const auto& f : functions) {
    any_version |= f.name.find('@') != std::string::npos;
    any_ifunc |= f.is_ifunc;
  }
  CHECK_FALSE(any_version);
  CHECK(any_ifunc);
}

TEST_CASE("what is unknown in an ELF file is an error") {
  auto file = kernel::ElfFile::open("/proc/self/exe");
  REQUIRE(file.ok());
  auto missing = file->function("no_such_function");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().message == "Could not resolve symbol: /proc/self/exe:no_such_function");
  auto outside = file->file_offset(0xffffffffffff0000);
  REQUIRE_FALSE(outside.ok());
  CHECK(outside.error().message == "Could not resolve address: /proc/self/exe:0xffffffffffff0000");
}

TEST_CASE("files that are not ELF are errors") {
  CHECK(kernel::ElfFile::open("/nonexistent").error().errnum == ENOENT);
  CHECK_FALSE(kernel::ElfFile::open("/").ok());
  TemporaryFile text("#!/bin/sh\nexit 0\n", 0755);
  auto opened = kernel::ElfFile::open(text.path());
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().message == text.path() + ": not an ELF file");
  TemporaryFile empty("");
  CHECK_FALSE(kernel::ElfFile::open(empty.path()).ok());
}

TEST_CASE("damaged ELF files are read without harm") {
  // A whole small library, so that headers, sections and tables are all in reach of the damage.
  auto small = kernel::resolve_binary("libdl", 0);
  if (!small.ok()) SKIP("no libdl to damage");
  const std::string good = content_of((*small)[0]);
  REQUIRE(good.size() > 1000);
  auto use = [](const std::string& bytes) {
    TemporaryFile bad(bytes, 0755);
    kernel::is_probeable(bad.path());
    auto file = kernel::ElfFile::open(bad.path());
    if (!file.ok()) return;
    for (const auto& f : file->functions()) (void)file->file_offset(f.address);
    (void)file->function("no_such_function");
  };
  SECTION("cut short") {
    for (size_t size = 0; size < good.size(); size += 97) use(good.substr(0, size));
  }
  SECTION("bytes of the headers changed") {
    for (size_t at = 0; at < 1024; ++at) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 0xff);
      use(bad);
    }
  }
  SECTION("bytes of the section headers changed") {
    for (size_t at = good.size() - 1900; at < good.size(); at += 3) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 0xff);
      use(bad);
    }
  }
}

TEST_CASE("probes go into programs and libraries only") {
  CHECK(kernel::is_probeable("/proc/self/exe"));
  CHECK_FALSE(kernel::is_probeable("/proc/self/maps"));
  CHECK_FALSE(kernel::is_probeable("/tmp"));
  // The identification and the type are all that is looked at.
  std::string header(64, '\0');
  std::memcpy(header.data(),
              "\x7f"
              "ELF\2\1\1",
              7);
  auto with_type = [&](char type, mode_t mode) {
    header[16] = type;
    TemporaryFile file(header, mode);
    return kernel::is_probeable(file.path());
  };
  CHECK(with_type(3, 0644));  // ET_DYN needs no permission
  CHECK(with_type(2, 0755));  // ET_EXEC
  CHECK_FALSE(with_type(2, 0644));
  CHECK_FALSE(with_type(2, 0655));  // it is the owner's permission that counts
  CHECK_FALSE(with_type(1, 0755));  // ET_REL
}
