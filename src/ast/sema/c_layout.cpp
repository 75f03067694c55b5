#include "ast/sema/c_layout.h"

#include <algorithm>

namespace gimlet::ast::sema {
namespace {

#if defined(__aarch64__)
constexpr bool kUnnamedBitfieldsAlign = true;
#else
constexpr bool kUnnamedBitfieldsAlign = false;
#endif

uint64_t round_up(uint64_t value, uint64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

// Takes the bits up to `next` and says where they begin.
uint64_t place_bitfield(const MemberShape& member, bool packed, uint64_t& next) {
  const uint64_t width = *member.bit_width;
  const uint64_t unit = 8 * member.size;
  const uint64_t natural = uint64_t{8} * member.alignment;
  if (member.aligned) next = round_up(next, uint64_t{8} * member.aligned);
  const bool crosses = !packed && next % natural + width > unit;
  if (width == 0 || crosses) next = round_up(next, natural);
  const uint64_t at = next;
  next += width;
  return at;
}

}  // namespace

RecordShape lay_out(std::span<const MemberShape> members, bool is_union, bool packed,
                    uint32_t aligned) {
  RecordShape shape;
  uint64_t next = 0;  // first free bit
  uint64_t end = 0;
  for (const MemberShape& member : members) {
    if (is_union) next = 0;
    const bool tight = packed || member.packed;
    uint32_t alignment = std::max(tight ? 1 : member.alignment, member.aligned);
    if (member.bit_width) {
      shape.bit_offsets.push_back(place_bitfield(member, tight, next));
      if (!member.named && !kUnnamedBitfieldsAlign) alignment = 1;
    } else {
      next = round_up(next, uint64_t{8} * alignment);
      shape.bit_offsets.push_back(next);
      next += 8 * member.size;
    }
    end = std::max(end, next);
    shape.alignment = std::max(shape.alignment, alignment);
  }
  shape.alignment = std::max(shape.alignment, aligned);
  shape.size = round_up((end + 7) / 8, shape.alignment);
  return shape;
}

}  // namespace gimlet::ast::sema
