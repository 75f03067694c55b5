// Unwind tables: of this test program, of the vdso, and of damaged files.
#include "kernel/unwind_table.h"

#include <sys/auxv.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <iterator>
#include <string>

#include "kernel/elf.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;

namespace {

ast::FrameRule rule_of(const ast::UnwindRow& row) {
  return static_cast<ast::FrameRule>(row.rule & ((1 << ast::kFrameRuleBits) - 1));
}

uint32_t offset_of(const ast::UnwindRow& row) { return (row.rule >> ast::kFrameRuleBits) * 8U; }

// The row that holds for an ELF address.
const ast::UnwindRow& row_at(const kernel::UnwindTable& table, uint64_t address) {
  auto after = std::upper_bound(
      table.rows.begin(), table.rows.end(), address - table.base,
      [](uint64_t wanted, const ast::UnwindRow& row) { return wanted < row.address; });
  REQUIRE(after != table.rows.begin());
  return *std::prev(after);
}

}  // namespace

#ifdef __x86_64__
TEST_CASE("rows of a program follow its functions") {
  auto table = kernel::read_unwind_table("/proc/self/exe");
  REQUIRE(table.ok());
  REQUIRE_FALSE(table->segments.empty());
  CHECK(std::is_sorted(table->rows.begin(), table->rows.end(),
                       [](const auto& a, const auto& b) { return a.address < b.address; }));

  auto elf = kernel::ElfFile::open("/proc/self/exe");
  REQUIRE(elf.ok());
  auto main = elf->function("main");
  REQUIRE(main.ok());
  // At a function's first instruction nothing is on the stack but the return address.
  const ast::UnwindRow& first = row_at(*table, main->address);
  CHECK(rule_of(first) == ast::FrameRule::StackPointer);
  CHECK(offset_of(first) == 8);
  CHECK(first.saved == 0);
  // Where the program starts nobody has called.
  auto start = elf->function("_start");
  REQUIRE(start.ok());
  CHECK(rule_of(row_at(*table, start->address)) == ast::FrameRule::Outermost);
}

TEST_CASE("the image that the kernel maps into processes has rows") {
  const auto* image = reinterpret_cast<const void*>(getauxval(AT_SYSINFO_EHDR));
  if (!image) SKIP("no vdso");
  auto table = kernel::read_unwind_table(image, 8192);
  REQUIRE(table.ok());
  CHECK_FALSE(table->rows.empty());
}
#endif

TEST_CASE("what has no table for unwinding is refused by name") {
  const TemporaryFile file("no program");
  auto table = kernel::read_unwind_table(file.path());
  REQUIRE_FALSE(table.ok());
  CHECK(table.error().message.find(file.path()) != std::string::npos);
  CHECK_FALSE(kernel::read_unwind_table("/nonexistent/program").ok());
}

TEST_CASE("a table that is cut off or overwritten does no harm") {
  const std::string whole = content_of("/proc/self/exe");
  // The headers stay; what they lead to is garbage, or is not there.
  for (size_t size : {size_t{4096}, whole.size() / 3, whole.size() / 2}) {
    const std::string start = whole.substr(0, size);
    const TemporaryFile cut(start);
    const TemporaryFile overwritten(start + std::string(whole.size() - size, '\xa5'));
    for (const std::string& path : {cut.path(), overwritten.path()}) {
      auto table = kernel::read_unwind_table(path);
      if (table) CHECK(table->rows.size() < whole.size());
    }
  }
}
