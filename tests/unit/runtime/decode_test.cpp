#include "runtime/decode.h"

#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <random>

#include "fake_symbols.h"
#include "runtime/value_text.h"

using namespace gimlet;
using namespace gimlet::runtime;

namespace {

struct Bench {
  image::Image image;
  FakeSymbols symbols;
  DecodeContext context{image, symbols, 0};

  std::string text(const ast::Type& type, const std::vector<uint8_t>& bytes) {
    std::optional<Value> value = decode(type, bytes, context);
    return value ? text_of(*value) : "nothing";
  }
};

std::vector<uint8_t> words(std::vector<uint64_t> values) {
  std::vector<uint8_t> bytes(values.size() * 8);
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

std::vector<uint8_t> chars(const std::string& text, size_t size) {
  std::vector<uint8_t> bytes(text.begin(), text.end());
  bytes.resize(size);
  return bytes;
}

}  // namespace

TEST_CASE("Scalars by size and sign", "[runtime][decode]") {
  Bench b;
  CHECK(b.text(ast::integer_type(1, true), {0xff}) == "-1");
  CHECK(b.text(ast::integer_type(1, false), {0xff}) == "255");
  CHECK(b.text(ast::integer_type(4, true), {0xfe, 0xff, 0xff, 0xff}) == "-2");
  CHECK(b.text(ast::bool_type(), {1}) == "true");
  CHECK(b.text(ast::integer_type(8, false), {1, 2}) == "nothing");
}

TEST_CASE("Strings end at NUL or show that they were cut", "[runtime][decode]") {
  Bench b;
  b.image.config.max_strlen = 6;
  CHECK(b.text(ast::string_type(6), chars("ab", 6)) == "ab");
  CHECK(b.text(ast::string_type(6), chars("/bin/env", 6)) == "/bin/e..");
  b.image.config.max_strlen = 1024;
  CHECK(b.text(ast::string_type(1024), chars(std::string(1024, 'x'), 1024)) ==
        std::string(1023, 'x') + "..");
  b.image.config.str_trunc_trailer = "";
  CHECK(b.text(ast::string_type(2), chars("ab", 2)) == "ab");
}

TEST_CASE("Structures, enums and bitfields by their layouts", "[runtime][decode]") {
  Bench b;
  ast::EnumLayout colour{"enum colour", 4, false, {{"RED", 1}}};
  b.image.enums["enum colour"] = colour;
  ast::StructLayout layout{"struct s", 16, false, {}};
  layout.fields.push_back({"a", ast::integer_type(4, true), 0, 0, 0, false});
  layout.fields.push_back({"flag", ast::integer_type(4, false), 4, 3, 5, false});
  layout.fields.push_back({"low", ast::integer_type(4, true), 5, 0, 4, false});
  layout.fields.push_back({"c", ast::enum_type("enum colour", 4), 8, 0, 0, false});
  layout.fields.push_back({"f", {}, 12, 0, 0, false});
  b.image.structs["struct s"] = layout;
  std::vector<uint8_t> bytes(16);
  bytes[0] = 7;
  bytes[4] = 0xa8;  // bits 3..7: 10101
  bytes[5] = 0x0f;  // bits 0..3 set: -1
  bytes[8] = 1;
  CHECK(b.text(ast::struct_type("struct s", 16), bytes) ==
        "{ .a = 7, .flag = 21, .low = -1, .c = RED, .f = null }");
}

TEST_CASE("Stacks and symbols", "[runtime][decode]") {
  Bench b;
  ast::Type kernel = ast::stack_type(ast::TypeKind::KernelStack, ast::StackMode::Bpftrace, 3);
  CHECK(b.text(kernel, words({2, 0x1004, 0x9})) == "nothing");
  CHECK(b.text(kernel, words({2, 0x1004, 0x9, 0})) == "\n        vfs_read+4\n        0x9\n");
  // A caller's address is that behind its call.
  CHECK(b.text(kernel, words({2, 0x1004, 0x1801, 0})) ==
        "\n        vfs_read+4\n        [inlined] rw_verify@/src/rw.h:7\n"
        "        vfs_read+2049@/src/rw.c:70\n");
  kernel.stack_mode = ast::StackMode::Perf;
  CHECK(b.text(kernel, words({1, 0x1004, 0, 0})) == "\n\t1004 vfs_read+4\n");
  CHECK(b.text(kernel, words({1, 0x1800, 0, 0})) ==
        "\n\t1800 rw_verify (inlined)\n\t1800 vfs_read+2048\n");
  kernel.stack_mode = ast::StackMode::Raw;
  CHECK(b.text(kernel, words({1, 0x1004, 0, 0})) == "\n1004\n");

  ast::Type user = ast::stack_type(ast::TypeKind::UserStack, ast::StackMode::Perf, 2);
  CHECK(b.text(user, words({2, 7, 0x4001, 0x9})) ==
        "\n\t4001 main+1 (/bin/prog)\n\t9 0x9 ([unknown])\n");
  CHECK(b.symbols.noticed == 7);
  user.stack_mode = ast::StackMode::BuildId;
  CHECK(b.text(user, words({1, 7, 0x4001, 0})) == "\n" + std::string(40, 'a') + " 0x01\n");
  // A count beyond the value's own size is not believed.
  CHECK(b.text(user, words({UINT64_MAX, 8, 0x10, 0x11})) == "\n10\n11\n");

  ast::Type ksym;
  ksym.kind = ast::TypeKind::KernelSymbol;
  ksym.size = 8;
  CHECK(b.text(ksym, words({0x1010})) == "vfs_read");
  CHECK(b.text(ksym, words({0x10})) == "0x10");
  ast::Type usym;
  usym.kind = ast::TypeKind::UserSymbol;
  usym.size = 16;
  CHECK(b.text(usym, words({0x4010, 7})) == "main");
}

TEST_CASE("Records with strings of their real length", "[runtime][decode]") {
  Bench b;
  ast::EventPlan plan;
  plan.fields = {{ast::string_type(64), 8, true},
                 {ast::integer_type(2, false), 12, false},
                 {ast::string_type(64), 16, true}};
  plan.fixed_size = 24;
  std::vector<uint8_t> record(24);
  record[8] = 3;
  record[12] = 9;
  record[16] = 2;
  for (char c : std::string("abcde")) record.push_back(static_cast<uint8_t>(c));
  auto values = decode_fields(plan, record, b.context);
  REQUIRE(values);
  CHECK(text_of((*values)[0]) == "abc");
  CHECK(text_of((*values)[1]) == "9");
  CHECK(text_of((*values)[2]) == "de");
  record.pop_back();
  CHECK_FALSE(decode_fields(plan, record, b.context));
  record.resize(10);
  CHECK_FALSE(decode_fields(plan, record, b.context));
}

TEST_CASE("No bytes can make decoding leave them", "[runtime][decode]") {
  Bench b;
  ast::StructLayout layout{"struct s", 32, false, {}};
  layout.fields.push_back({"self", ast::struct_type("struct s", 0), 0, 0, 0, false});
  layout.fields.push_back({"bits", ast::integer_type(8, true), 30, 7, 64, false});
  b.image.structs["struct s"] = layout;
  std::vector<ast::Type> types = {
      ast::integer_type(8, true),
      ast::string_type(12),
      ast::buffer_type(20),
      ast::array_of(ast::integer_type(4, true), 5),
      ast::struct_type("struct s", 32),
      ast::tuple_type(
          {ast::integer_type(1, false), ast::string_type(9), ast::integer_type(8, true)}),
      ast::stack_type(ast::TypeKind::UserStack, ast::StackMode::Bpftrace, 4),
      ast::stack_type(ast::TypeKind::KernelStack, ast::StackMode::Raw, 4)};
  for (ast::TypeKind kind : {ast::TypeKind::Timestamp, ast::TypeKind::Stats,
                             ast::TypeKind::UserSymbol, ast::TypeKind::Username}) {
    ast::Type type = ast::aggregate_type(kind, true);
    type.size = 16;
    types.push_back(type);
  }
  std::mt19937 random(1);
  for (int round = 0; round < 3000; round++) {
    const ast::Type& type = types[random() % types.size()];
    std::vector<uint8_t> bytes(random() % 64);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random() % 3 == 0 ? 0xff : random());
    bool enough = bytes.size() >= type.size;
    std::optional<Value> value = decode(type, bytes, b.context);
    if (!enough) CHECK_FALSE(value);
    if (value) text_of(*value);

    ast::EventPlan plan;
    plan.fields = {{type, 8, random() % 2 == 0},
                   {type, static_cast<uint32_t>(random() % 80), true}};
    plan.fixed_size = static_cast<uint32_t>(random() % 40);
    decode_fields(plan, bytes, b.context);
  }
}
