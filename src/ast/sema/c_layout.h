// Where the members of a C structure lie: the rules of the machine's C compiler.
//
// Both psABIs that gimlet knows (System V x86_64, AAPCS64) put a member at the next multiple of its
// alignment. A bitfield goes to the next free bit unless it would then cross the end of a unit of
// its declared type; `:0` goes on to the next such unit. `packed` sets alignments to one byte (one
// bit for bitfields), `aligned(N)` raises them. They differ in whether a bitfield without a name
// aligns the whole structure: on arm64 it does.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gimlet::ast::sema {

struct MemberShape {
  uint64_t size = 0;       // bytes; of a bitfield: of its declared type
  uint32_t alignment = 1;  // bytes, of its type
  uint32_t aligned = 0;    // bytes, from attributes; 0 = none
  bool packed = false;
  bool named = true;
  std::optional<uint32_t> bit_width;
};

struct RecordShape {
  uint64_t size = 0;  // bytes
  uint32_t alignment = 1;
  std::vector<uint64_t> bit_offsets;  // of each member from the start
};

// `aligned`: the record's own attribute, 0 = none.
RecordShape lay_out(std::span<const MemberShape> members, bool is_union, bool packed,
                    uint32_t aligned);

}  // namespace gimlet::ast::sema
