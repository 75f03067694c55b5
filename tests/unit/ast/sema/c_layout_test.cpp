// Layouts of C definitions against the compiler of this machine: every structure below is compiled
// here, and the same text is read by gimlet.
#include "ast/sema/c_layout.h"

#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "ast/sema/type_scope.h"
#include "unit/kernel/fixture.h"
#include "unit/parser/c_text.h"

// A bitfield that is set to all ones of its type takes as many as it has.
#pragma GCC diagnostic ignored "-Woverflow"

using namespace gimlet;

namespace {

using u8 = uint8_t;
using u16 = uint16_t;
using u32 = uint32_t;
using __u64 = unsigned long long;

struct Place {
  const char* name;
  size_t bit;    // from the start of the structure
  size_t width;  // bits
};

// The first set bit and the number of set bits of an object in which one bitfield is all ones.
template <typename T>
std::pair<size_t, size_t> set_bits(const T& object) {
  unsigned char bytes[sizeof(T)];
  std::memcpy(bytes, &object, sizeof(T));
  size_t first = 0, count = 0;
  for (size_t bit = 0; bit < 8 * sizeof(T); ++bit) {
    if (!(bytes[bit / 8] >> (bit % 8) & 1)) continue;
    if (count++ == 0) first = bit;
  }
  return {first, count};
}

void check(const std::string& source, const char* name, size_t size,
           const std::vector<Place>& places) {
  const CText text(source);
  INFO(source);
  INFO(text.messages());
  REQUIRE_FALSE(text.diagnostics.has_errors());
  auto kernel = frozen();
  base::Diagnostics diagnostics;
  ast::sema::TypeScope scope(text.definitions, *kernel, diagnostics);
  const ast::StructLayout* layout = scope.find_struct(name);
  INFO(base::show(text.sources, diagnostics));
  REQUIRE(layout);
  CHECK(layout->size == size);
  REQUIRE(layout->fields.size() == places.size());
  for (size_t i = 0; i < places.size(); ++i) {
    const ast::Field& field = layout->fields[i];
    INFO(field.name);
    CHECK(field.name == places[i].name);
    CHECK(8 * field.offset + field.bit_offset == places[i].bit);
    CHECK((field.bit_width ? field.bit_width : 8 * field.type.size) == places[i].width);
    const size_t end =
        field.bit_width ? (field.bit_offset + field.bit_width + 7) / 8 : field.type.size;
    CHECK(field.offset + end <= layout->size);
  }
}

#define AT(field) \
  Place { #field, 8 * offsetof(S, field), 8 * sizeof(S::field) }
#define BITS(field)                                         \
  [] {                                                      \
    S object;                                               \
    std::memset(static_cast<void*>(&object), 0, sizeof(S)); \
    object.field = static_cast<decltype(S::field)>(-1);     \
    const auto [bit, width] = set_bits(object);             \
    return Place{#field, bit, width};                       \
  }()
#define SAME(KEYWORD, DEFINITION, ...)                                              \
  {                                                                                 \
    KEYWORD S DEFINITION;                                                           \
    check(#KEYWORD " S " #DEFINITION ";", #KEYWORD " S", sizeof(S), {__VA_ARGS__}); \
  }
}  // namespace

TEST_CASE("members lie where the compiler puts them"){
    SAME(
        struct,
        {
          char a;
          int b;
          short c;
          long d;
          char e;
        },
        AT(a), AT(b), AT(c), AT(d), AT(e))
        SAME(
            struct,
            {
              u8 a;
              __u64 b;
              u16 c[3];
              void* d;
            },
            AT(a), AT(b), AT(c), AT(d))
            SAME(
                union,
                {
                  char a[5];
                  int b;
                  short c;
                },
                AT(a), AT(b), AT(c))
                SAME(
                    struct,
                    {
                      char a;
                      struct {
                        char x;
                        long y;
                      } b;
                      char c;
                    },
                    AT(a), AT(b), AT(c))
                    SAME(
                        struct,
                        {
                          char a;
                          union {
                            char x[9];
                            int y;
                          };
                          char c;
                        },
                        AT(a), AT(x), AT(y), AT(c))
                        SAME(
                            struct,
                            {
                              int a;
                              struct {
                                char x;
                                struct {
                                  short y;
                                  int z;
                                };
                              };
                            },
                            AT(a), AT(x), AT(y), AT(z))
                            SAME(
                                struct,
                                {
                                  char a;
                                  enum { P = -1 } b;
                                  char c;
                                },
                                AT(a), AT(b), AT(c))
                                SAME(
                                    struct,
                                    {
                                      char a;
                                      enum { R = 0x100000000 } b;
                                      char c;
                                    },
                                    AT(a), AT(b), AT(c))
                                    SAME(
                                        struct,
                                        {
                                          char a;
                                          char b[sizeof(long) * 2 + 1];
                                          int c[2][3];
                                        },
                                        AT(a), AT(b), AT(c))
                                        SAME(
                                            struct,
                                            {
                                              char a;
                                              int (*b)(int);
                                              int* (*c[2])(void);
                                            },
                                            AT(a), AT(b), AT(c))}

TEST_CASE("packed and aligned structures"){
    SAME(
        struct,
        {
          char a;
          int b;
          long c;
        } __attribute__((packed)),
        AT(a), AT(b), AT(c))
        SAME(
            struct,
            {
              char a;
              int b __attribute__((packed));
              long c;
            },
            AT(a), AT(b), AT(c))
            SAME(
                struct,
                {
                  char a;
                  char b __attribute__((aligned(8)));
                  char c;
                },
                AT(a), AT(b), AT(c))
                SAME(
                    struct,
                    {
                      char a;
                      char b __attribute__((aligned));
                      char c;
                    },
                    AT(a), AT(b), AT(c))
                    SAME(
                        struct,
                        {
                          char a;
                          int b __attribute__((aligned(2)));
                        },
                        AT(a), AT(b))
                        SAME(
                            struct, { char a; } __attribute__((aligned(32))), AT(a))
                            SAME(
                                struct,
                                {
                                  char a;
                                  int b __attribute__((aligned(4)));
                                  char c;
                                } __attribute__((packed)),
                                AT(a), AT(b), AT(c))
                                SAME(
                                    struct,
                                    {
                                      char a;
                                      struct {
                                        char x;
                                        int y;
                                      } b;
                                    } __attribute__((packed)),
                                    AT(a), AT(b))
                                    SAME(
                                        struct,
                                        {
                                          char a;
                                          struct {
                                            char x;
                                            int y;
                                          } __attribute__((packed)) b;
                                          int c;
                                        },
                                        AT(a), AT(b), AT(c))
                                        SAME(
                                            union,
                                            {
                                              char a[3];
                                              int b;
                                            } __attribute__((packed)),
                                            AT(a), AT(b))
                                            SAME(
                                                struct,
                                                {
                                                  char a;
                                                  int b;
                                                } __attribute__((packed, aligned(4))),
                                                AT(a), AT(b))}

TEST_CASE("bitfields"){
    SAME(
        struct,
        {
          unsigned a : 3;
          unsigned b : 5;
          unsigned c : 25;
          unsigned d : 1;
        },
        BITS(a), BITS(b), BITS(c), BITS(d))
        SAME(
            struct,
            {
              char a;
              unsigned b : 12;
              u8 c;
            },
            AT(a), BITS(b), AT(c))
            SAME(
                struct,
                {
                  unsigned a : 4;
                  unsigned : 0;
                  unsigned b : 4;
                  u8 c;
                },
                BITS(a), BITS(b), AT(c))
                SAME(
                    struct,
                    {
                      u8 a : 4;
                      long : 0;
                      u8 b : 4;
                    },
                    BITS(a), BITS(b))
                    SAME(
                        struct,
                        {
                          u8 a : 4;
                          int : 12;
                          u8 b : 4;
                        },
                        BITS(a), BITS(b))
                        SAME(
                            struct,
                            {
                              u16 a : 9;
                              u16 b : 9;
                              u8 c : 2;
                            },
                            BITS(a), BITS(b), BITS(c))
                            SAME(
                                struct,
                                {
                                  __u64 a : 40;
                                  __u64 b : 24;
                                  __u64 c : 1;
                                },
                                BITS(a), BITS(b), BITS(c))
                                SAME(
                                    struct,
                                    {
                                      u8 a;
                                      __u64 b : 60;
                                      u8 c;
                                    },
                                    AT(a), BITS(b), AT(c))
                                    SAME(
                                        struct,
                                        {
                                          unsigned a : 31;
                                          unsigned b : 2;
                                          u8 c;
                                        } __attribute__((packed)),
                                        BITS(a), BITS(b), AT(c))
                                        SAME(
                                            struct,
                                            {
                                              u8 a;
                                              unsigned b : 30;
                                              unsigned c : 10;
                                            } __attribute__((packed)),
                                            AT(a), BITS(b), BITS(c))
                                            SAME(
                                                struct,
                                                {
                                                  u8 a : 1;
                                                  unsigned : 0;
                                                  u8 b : 1;
                                                } __attribute__((packed)),
                                                BITS(a), BITS(b))
                                                SAME(
                                                    struct,
                                                    {
                                                      u8 a : 1;
                                                      u8 b : 1 __attribute__((aligned(4)));
                                                      u8 c : 1;
                                                    },
                                                    BITS(a), BITS(b), BITS(c))
                                                    SAME(
                                                        union,
                                                        {
                                                          unsigned a : 3;
                                                          u16 b : 9;
                                                        },
                                                        BITS(a), BITS(b))
                                                        SAME(
                                                            union,
                                                            {
__u64:
  40;
  u8 a;
                                                            },
                                                            AT(a))
                                                            SAME(
                                                                struct,
                                                                {
                                                                  u8 x;
                                                                  struct {
                                                                    unsigned a : 3;
                                                                    unsigned b : 30;
                                                                  };
                                                                  u8 y;
                                                                },
                                                                AT(x), BITS(a), BITS(b), AT(y))}

TEST_CASE("an array without a size has an alignment and no size") {
  struct Int {
    char a;
    int rest[];
  };
  struct Zero {
    char a;
    long rest[0];
  };
  check("struct S { char a; int rest[]; };", "struct S", sizeof(Int),
        {{"a", 0, 8}, {"rest", 8 * offsetof(Int, rest), 0}});
  check("struct S { char a; long rest[0]; };", "struct S", sizeof(Zero),
        {{"a", 0, 8}, {"rest", 8 * offsetof(Zero, rest), 0}});
}

TEST_CASE("placing members by shape") {
  using ast::sema::MemberShape;
  MemberShape byte;
  byte.size = byte.alignment = 1;
  MemberShape word;
  word.size = word.alignment = 8;
  const MemberShape members[] = {byte, word, byte};
  const auto structure = ast::sema::lay_out(members, false, false, 0);
  CHECK(structure.size == 24);
  CHECK(structure.alignment == 8);
  CHECK(structure.bit_offsets == std::vector<uint64_t>{0, 64, 128});
  const auto packed = ast::sema::lay_out(members, false, true, 0);
  CHECK(packed.size == 10);
  CHECK(packed.alignment == 1);
  const auto overlaid = ast::sema::lay_out(members, true, false, 16);
  CHECK(overlaid.size == 16);
  CHECK(overlaid.bit_offsets == std::vector<uint64_t>{0, 0, 0});
  CHECK(ast::sema::lay_out({}, false, false, 0).size == 0);
}
