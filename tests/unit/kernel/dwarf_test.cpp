// Debug information of this test program itself, whose types and functions are known.
#include <catch2/catch_test_macros.hpp>
#include <cstdint>

#include "ast/arch.h"
#include "kernel/debug_file.h"
#include "kernel/dwarf_lines.h"
#include "kernel/user_binary.h"
#include "unit/kernel/fixture.h"

using namespace gimlet;

namespace {

std::string program(const std::string& name) {
  const std::string self = "/proc/self/exe";
  char path[4096];
  const ssize_t length = ::readlink(self.c_str(), path, sizeof path);
  REQUIRE(length > 0);
  const std::string folder(path, static_cast<size_t>(length));
  return folder.substr(0, folder.rfind('/')) + "/programs/" + name;
}

std::unique_ptr<kernel::UserBinary> open(const std::string& name) {
  need_file(program(name));
  auto file = kernel::UserBinary::open(program(name), {});
  REQUIRE(file.ok());
  return std::move(*file);
}

kernel::UserPrototype prototype(kernel::UserBinary& file, const std::string& function) {
  auto symbol = file.function(function);
  REQUIRE(symbol.ok());
  auto found = file.prototype(symbol->address);
  REQUIRE(found.ok());
  return *found;
}

// By number; a register that takes no arguments is 99.
std::vector<uint32_t> registers(const kernel::UserPrototype::Parameter& parameter) {
  std::vector<uint32_t> numbers;
  for (const ast::Piece& word : parameter.words) {
    uint32_t number = 0;
    while (number < ast::kArgumentRegisters && ast::argument_offset(number) != word.offset) {
      number++;
    }
    numbers.push_back(number < ast::kArgumentRegisters ? number : 99);
  }
  return numbers;
}

using Place = kernel::UserPrototype::Parameter::Place;

}  // namespace

TEST_CASE("parameters lie where the calling convention puts them") {
  auto file = open("arguments");
  const auto structures = prototype(*file, "structures");
  REQUIRE(structures.parameters.size() == 3);
  CHECK(registers(structures.parameters[0]) == std::vector<uint32_t>{0});
  CHECK(registers(structures.parameters[1]) == std::vector<uint32_t>{1, 2});
  CHECK(registers(structures.parameters[2]) == std::vector<uint32_t>{3});
  CHECK(structures.parameters[2].c_type == "struct item*");

  const auto others = prototype(*file, "others");
  REQUIRE(others.parameters.size() == 6);
  CHECK(others.parameters[3].c_type == "const char*");
  CHECK(others.parameters[4].place == Place::Elsewhere);
  CHECK_FALSE(others.parameters[4].type.known());
  CHECK(registers(others.parameters[5]) == std::vector<uint32_t>{4});

  const auto many = prototype(*file, "many");
  REQUIRE(many.parameters.size() == 7);
#if defined(__x86_64__)
  CHECK(many.parameters[5].place == Place::Registers);
  CHECK(many.parameters[6].place == Place::Stack);
  CHECK(many.parameters[6].stack_offset == 8);
  CHECK(registers(prototype(*file, "hidden").parameters[0]) == std::vector<uint32_t>{1});
  const auto stacked = prototype(*file, "stacked");
  REQUIRE(stacked.parameters.size() == 10);
  // A structure of four words first, which leaves the registers to those behind it.
  CHECK(stacked.parameters[0].stack_offset == 8);
  CHECK(registers(stacked.parameters[1]) == std::vector<uint32_t>{0});
  CHECK(stacked.parameters[7].stack_offset == 40);
  CHECK(stacked.parameters[8].stack_offset == 48);
  CHECK(stacked.parameters[9].stack_offset == 56);
#endif
  CHECK(prototype(*file, "none").parameters.empty());
  CHECK_FALSE(file->prototype(1).ok());
}

TEST_CASE("layouts of a program's structures") {
  auto file = open("arguments");
  const auto* item = file->find_struct("struct item");
  REQUIRE(item);
  CHECK(item->name == "struct item @" + program("arguments"));
  CHECK(file->find_struct(item->name) == item);
  CHECK(item->size == sizeof(void*) + 40);
  REQUIRE(item->find("high"));
  CHECK(item->find("high")->bit_width == 13);
  CHECK(item->find("low")->bit_width == 3);
  CHECK(item->find("name")->type.is(ast::TypeKind::String));
  CHECK(item->find("table")->type.length == 3);
  REQUIRE(item->find("half"));
  CHECK(item->find("half")->offset == item->find("whole")->offset);
  CHECK(ast::type_name(item->find("next")->type) == "struct item *");
  CHECK(ast::type_name(item->find("place")->type) == "struct point");
  CHECK_FALSE(file->find_struct("struct nothing"));
}

TEST_CASE("source lines lead to addresses in the function") {
  auto file = open("arguments");
  auto address = file->source_line({"arguments.c", 67, 0});
  REQUIRE(address.ok());
  auto function = file->function("line_numbers");
  CHECK(*address > function->address);
  CHECK(*address < function->address + function->size);
  CHECK(file->source_line({"programs/arguments.c", 67, 0}).value() == *address);
  CHECK_FALSE(file->source_line({"uments.c", 67, 0}).ok());
  CHECK_FALSE(file->source_line({"arguments.c", 100'000, 0}).ok());
}

TEST_CASE("ends of paths") {
  CHECK(kernel::path_ends_with("/home/x/src/a.c", "a.c"));
  CHECK(kernel::path_ends_with("/home/x/src/a.c", "src/a.c"));
  CHECK(kernel::path_ends_with("/a.c", "/a.c"));
  CHECK_FALSE(kernel::path_ends_with("/home/x/src/ba.c", "a.c"));
  CHECK_FALSE(kernel::path_ends_with("a.c", "src/a.c"));
}

TEST_CASE("a damaged program is read without harm") {
  need_file(program("arguments"));
  const std::string whole = content_of(program("arguments"));
  for (size_t step = 0; step < 60; step++) {
    std::string bytes = whole;
    const size_t at = whole.size() * step / 60;
    for (size_t i = at; i < std::min(at + 40, bytes.size()); i += 3) bytes[i] ^= 0x5a;
    TemporaryFile damaged(bytes, 0755);
    auto file = kernel::UserBinary::open(damaged.path(), {});
    if (!file.ok()) continue;
    for (const auto& symbol : (*file)->functions()) {
      (void)(*file)->prototype(symbol.address);
      (void)(*file)->instruction_starts(symbol, symbol.address + symbol.size / 2);
    }
    (void)(*file)->find_struct("struct item");
    (void)(*file)->source_line({"arguments.c", 67, 0});
  }
  SUCCEED();
}
