// Names that are one word come from a table; combinations of C's own words are counted.
#include "kernel/c_integers.h"

#include <algorithm>
#include <cstdint>

namespace gimlet::kernel {
namespace {

struct NamedInteger {
  std::string_view name;
  int8_t bytes;  // negative: signed
};

constexpr NamedInteger kNamed[] = {
    {"__s16", -2},    {"__s32", -4},   {"__s64", -8},    {"__s8", -1},      {"__u16", 2},
    {"__u32", 4},     {"__u64", 8},    {"__u8", 1},      {"clockid_t", -4}, {"dev_t", 4},
    {"gfp_t", 4},     {"gid_t", 4},    {"ino_t", 8},     {"int16_t", -2},   {"int32_t", -4},
    {"int64_t", -8},  {"int8_t", -1},  {"key_t", -4},    {"loff_t", -8},    {"mqd_t", -4},
    {"off_t", -8},    {"pid_t", -4},   {"s16", -2},      {"s32", -4},       {"s64", -8},
    {"s8", -1},       {"sector_t", 8}, {"size_t", 8},    {"ssize_t", -8},   {"tid_t", 4},
    {"time64_t", -8}, {"timer_t", -4}, {"u16", 2},       {"u32", 4},        {"u64", 8},
    {"u8", 1},        {"uid_t", 4},    {"uint", 4},      {"uint16_t", 2},   {"uint32_t", 4},
    {"uint64_t", 8},  {"uint8_t", 1},  {"uintptr_t", 8}, {"ulong", 8},      {"umode_t", 2},
    {"unsigned", 4},  {"ushort", 2},
};

std::string_view next_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const size_t end = std::min(text.find(' '), text.size());
  std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

// char, short, int, long, signed and unsigned in any order that C could mean.
std::optional<ast::Type> from_c_words(std::string_view name) {
  int longs = 0, shorts = 0, chars = 0, ints = 0, signs = 0, unsigneds = 0;
  for (auto word = next_word(name); !word.empty(); word = next_word(name)) {
    int* count = word == "long"       ? &longs
                 : word == "short"    ? &shorts
                 : word == "char"     ? &chars
                 : word == "int"      ? &ints
                 : word == "signed"   ? &signs
                 : word == "unsigned" ? &unsigneds
                                      : nullptr;
    if (!count) return std::nullopt;
    ++*count;
  }
  const bool one_width = (longs > 0) + shorts + chars <= 1 && longs <= 2;
  if (!one_width || ints > 1 || (chars && ints) || signs + unsigneds > 1) return std::nullopt;
  if (longs + shorts + chars + ints + signs + unsigneds == 0) return std::nullopt;
  const uint32_t bytes = chars ? 1 : shorts ? 2 : longs ? 8 : 4;
  return ast::integer_type(bytes, unsigneds == 0);
}

}  // namespace

std::optional<ast::Type> c_integer(std::string_view name) {
  if (name == "bool" || name == "_Bool") return ast::bool_type();
  for (const NamedInteger& entry : kNamed) {
    if (entry.name != name) continue;
    const bool is_signed = entry.bytes < 0;
    return ast::integer_type(static_cast<uint32_t>(is_signed ? -entry.bytes : entry.bytes),
                             is_signed);
  }
  return from_c_words(name);
}

}  // namespace gimlet::kernel
