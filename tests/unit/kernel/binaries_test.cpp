// From the FILE part of a user probe to files, and the sources this is looked up in.
#include "kernel/binaries.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstring>

#include "base/owners.h"
#include "kernel/kallsyms.h"
#include "kernel/library_cache.h"
#include "kernel/process_files.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;

namespace {

#if defined(__x86_64__)
constexpr uint32_t kThisAbi = 0x0303;
#else
constexpr uint32_t kThisAbi = 0x0a03;
#endif
constexpr uint32_t kOtherAbi = 0x0803;

void put(std::string& bytes, size_t at, uint32_t value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

struct Entry {
  uint32_t flags;
  const char *name, *path;
};

std::string make_cache(std::initializer_list<Entry> entries) {
  std::string cache = "glibc-ld.so.cache1.1";
  cache.resize(48 + 24 * entries.size());
  put(cache, 20, static_cast<uint32_t>(entries.size()));
  size_t at = 48;
  for (const Entry& entry : entries) {
    put(cache, at, entry.flags);
    put(cache, at + 4, static_cast<uint32_t>(cache.size()));
    cache.append(entry.name).push_back('\0');
    put(cache, at + 8, static_cast<uint32_t>(cache.size()));
    cache.append(entry.path).push_back('\0');
    at += 24;
  }
  return cache;
}

std::vector<kernel::CachedLibrary> parse(const std::string& bytes) {
  return kernel::parse_library_cache(std::as_bytes(std::span(bytes)));
}

const std::string& small_cache() {
  static const std::string cache = make_cache({{kThisAbi, "libz.so.1", "/lib/libz.so.1"},
                                               {kOtherAbi, "libc.so.6", "/lib32/libc.so.6"},
                                               {kThisAbi, "libc.so.6", "/lib/libc.so.6"},
                                               {kThisAbi, "libc-extra.so", "/lib/libc-extra.so"},
                                               {kThisAbi, "libz.so", "/lib/libz.so"}});
  return cache;
}

}  // namespace

TEST_CASE("the library cache lists the libraries of this architecture") {
  const auto libraries = parse(small_cache());
  REQUIRE(libraries.size() == 4);
  CHECK(libraries[1].name == "libc.so.6");
  CHECK(libraries[1].path == "/lib/libc.so.6");
}

TEST_CASE("the library cache behind the older table") {
  std::string both = "ld.so-1.7.0";
  both.resize(16 + 12);  // one entry of the older kind
  put(both, 12, 1);
  both.resize(32);  // the newer table is aligned
  both += small_cache();
  CHECK(parse(both).size() == 4);
}

TEST_CASE("short names of libraries") {
  const auto libraries = parse(small_cache());
  CHECK(kernel::find_library(libraries, "libc") == "/lib/libc.so.6");
  CHECK(kernel::find_library(libraries, "libc.so.6") == "/lib/libc.so.6");
  CHECK(kernel::find_library(libraries, "libz") == "/lib/libz.so.1");
  // An entry of exactly that name comes before one that merely answers to it.
  CHECK(kernel::find_library(libraries, "libz.so") == "/lib/libz.so");
  CHECK_FALSE(kernel::find_library(libraries, "lib"));
  CHECK_FALSE(kernel::find_library(libraries, "libc.so"));
}

TEST_CASE("damaged library caches are read without harm") {
  const std::string& good = small_cache();
  for (size_t size = 0; size < good.size(); ++size) {
    CHECK(parse(good.substr(0, size)).size() <= 4);
  }
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(0xff);
    CHECK(parse(bad).size() <= 5);
  }
}

TEST_CASE("this machine's library cache has a libc") {
  need_file("/etc/ld.so.cache");
  auto file = base::MappedFile::open("/etc/ld.so.cache");
  REQUIRE(file.ok());
  auto libc = kernel::find_library(kernel::parse_library_cache(file->bytes()), "libc");
  REQUIRE(libc);
  CHECK(libc->ends_with("/libc.so.6"));
  CHECK(kernel::resolve_binary("libc", 0).value() == std::vector<std::string>{*libc});
  CHECK(kernel::resolve_binary("libc.so.6", 0).value() == std::vector<std::string>{*libc});
}

TEST_CASE("paths of mappings") {
  const char* maps =
      "55a0-55b0 r--p 00000000 08:01 11    /usr/bin/app\n"
      "55b0-55c0 r-xp 00001000 08:01 11    /usr/bin/app\n"
      "7f00-7f10 rw-p 00000000 00:00 0 \n"
      "7f10-7f20 r-xp 00000000 08:01 12    /opt/a b/lib.so\n"
      "7f20-7f30 r-xp 00000000 08:01 13    /tmp/gone (deleted)\n"
      "7ffc-7ffd rw-p 00000000 00:00 0     [stack]\n";
  CHECK(kernel::mapped_paths(maps) == std::vector<std::string>{"/usr/bin/app", "/opt/a b/lib.so"});
}

TEST_CASE("search paths") {
  CHECK(kernel::split_search_path("/a:/b") == std::vector<std::string>{"/a", "/b"});
  CHECK(kernel::split_search_path(":/b:") == std::vector<std::string>{".", "/b", "."});
}

TEST_CASE("programs are found by path and by PATH") {
  CHECK(kernel::resolve_binary("/proc/self/exe", 0).value() ==
        std::vector<std::string>{"/proc/self/exe"});
  auto readable = kernel::resolve_binary("env", 0);
  REQUIRE(readable.ok());
  REQUIRE(readable->size() == 1);
  CHECK((*readable)[0].ends_with("/env"));
}

TEST_CASE("a library of a process is the one it has mapped") {
  const auto self = static_cast<uint64_t>(::getpid());
  const auto mapped = kernel::process_mappings(self);
  auto libc = kernel::resolve_binary("libc", self);
  REQUIRE(libc.ok());
  CHECK(std::find(mapped.begin(), mapped.end(), (*libc)[0]) != mapped.end());
  // Without a name: its executable.
  auto executable = kernel::resolve_binary("", self);
  REQUIRE(executable.ok());
  CHECK((*executable)[0].starts_with("/proc/" + std::to_string(self) + "/root/"));
  // A lone wildcard: every ELF file that it has mapped.
  auto all = kernel::resolve_binary("*", self);
  REQUIRE(all.ok());
  CHECK(std::find(all->begin(), all->end(), (*libc)[0]) != all->end());
}

TEST_CASE("wildcards keep every file that can be probed") {
  TemporaryFile text("no program");
  auto pattern = text.path();
  pattern.back() = '*';
  CHECK_FALSE(kernel::resolve_binary(pattern, 0).ok());
  auto libc = kernel::resolve_binary("libc", 0);
  REQUIRE(libc.ok());
  std::string family = (*libc)[0];
  family.replace(family.rfind('/'), std::string::npos, "/libc*.so.6");
  auto found = kernel::resolve_binary(family, 0);
  REQUIRE(found.ok());
  CHECK(std::find(found->begin(), found->end(), (*libc)[0]) != found->end());
}

TEST_CASE("a file that cannot be probed is an error with a hint") {
  auto missing = kernel::resolve_binary("/usr/bin/evn", 0);
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().message ==
        "uprobe target file '/usr/bin/evn' does not exist or is not executable");
  auto folder = kernel::resolve_binary("/proc/self/exf", 0);
  REQUIRE_FALSE(folder.ok());
  CHECK(folder.error().hint == "Did you mean '/proc/self/exe'?");
  TemporaryFile script("#!/bin/sh\n", 0755);
  CHECK_FALSE(kernel::resolve_binary(script.path(), 0).ok());
  CHECK_FALSE(kernel::resolve_binary("", 0).ok());
}

TEST_CASE("kernel symbols") {
  auto kernel = frozen();
  CHECK(kernel->kernel_symbol("vfs_read") == 0xffffffff81000120);
  CHECK(kernel->kernel_symbol("jiffies") == 0xffffffff82000000);
  CHECK(kernel->kernel_symbol("nf_hook") == 0xffffffffc0000010);
  CHECK_FALSE(kernel->kernel_symbol("vfs_rea"));
  CHECK_FALSE(kernel->kernel_symbol(""));
  TemporaryFile odd("0000000000000000 T hidden\nzz T broken\n\nffff T last");
  CHECK_FALSE(kernel::find_kernel_symbol(odd.path(), "hidden"));
  CHECK_FALSE(kernel::find_kernel_symbol(odd.path(), "broken"));
  CHECK(kernel::find_kernel_symbol(odd.path(), "last") == 0xffff);
}

TEST_CASE("binaries of the frozen system") {
  auto kernel = frozen();
  CHECK(kernel->resolve_binary("app", 0).value() == std::vector<std::string>{"/usr/bin/app"});
  CHECK(kernel->resolve_binary("libc", 0).value() == std::vector<std::string>{"/lib/libc.so.6"});
  CHECK(kernel->resolve_binary("/usr/*", 0).value() == std::vector<std::string>{"/usr/bin/app"});
  CHECK(kernel->resolve_binary("nope", 0).error().message ==
        "uprobe target file 'nope' does not exist or is not executable");
  auto malloc = kernel->function("/lib/libc.so.6", "malloc");
  REQUIRE(malloc.ok());
  CHECK(malloc->address == 0x98930);
  CHECK(malloc->size == 791);
  CHECK(malloc->file_offset == 0x97930);
  CHECK(kernel->function("/lib/libc.so.6", "memcpy")->is_ifunc);
  CHECK(kernel->file_offset("/lib/libc.so.6", 0x98934).value() == 0x97934);
  CHECK_FALSE(kernel->file_offset("/lib/libc.so.6", 0x10).ok());
  CHECK_FALSE(kernel->function("/lib/libc.so.6", "mallo").ok());
  CHECK_FALSE(kernel->functions("/nonexistent").ok());
  CHECK(kernel->functions("/usr/bin/app")->back().name == "work_more");
}
