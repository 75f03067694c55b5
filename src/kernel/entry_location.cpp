#include "kernel/entry_location.h"

#include <dwarf.h>

#include <algorithm>
#include <optional>
#include <span>

#include "ast/arch.h"
#include "kernel/calling_convention.h"

namespace gimlet::kernel {
namespace {

using Place = UserPrototype::Parameter::Place;

bool is_list(Dwarf_Attribute& attribute) {
  switch (dwarf_whatform(&attribute)) {
    case DW_FORM_exprloc:
    case DW_FORM_block1:
    case DW_FORM_block2:
    case DW_FORM_block4:
    case DW_FORM_block: return false;
    default: return true;
  }
}

std::optional<uint64_t> register_of(const Dwarf_Op& op) {
  if (op.atom >= DW_OP_reg0 && op.atom <= DW_OP_reg31) return op.atom - DW_OP_reg0;
  if (op.atom == DW_OP_regx) return op.number;
  return std::nullopt;
}

// Whether places in the frame are counted from the canonical frame address.
bool frame_is_canonical(Dwarf_Die& function, uint64_t address) {
  Dwarf_Attribute attribute;
  Dwarf_Op* ops = nullptr;
  size_t count = 0;
  return dwarf_attr_integrate(&function, DW_AT_frame_base, &attribute) &&
         dwarf_getlocation_addr(&attribute, address, &ops, &count, 1) == 1 && count == 1 &&
         ops[0].atom == DW_OP_call_frame_cfa;
}

uint32_t frame_offset(std::span<const Dwarf_Op> ops) {
  return ops[0].atom == DW_OP_fbreg ? static_cast<uint32_t>(ops[0].number) : 0;
}

bool is_in_callers_frame(std::span<const Dwarf_Op> ops, Dwarf_Die& function, uint64_t address) {
  if (ops.size() != 1) return false;
  if (ops[0].atom == DW_OP_call_frame_cfa) return true;
  return ops[0].atom == DW_OP_fbreg && static_cast<int64_t>(ops[0].number) >= 0 &&
         frame_is_canonical(function, address);
}

// The value's registers, one after the other; empty if something of it lies elsewhere.
std::vector<ast::Piece> pieces_of(std::span<const Dwarf_Op> ops) {
  std::vector<ast::Piece> pieces;
  uint32_t at = 0;
  for (size_t i = 0; i < ops.size(); i += 2) {
    const auto number = register_of(ops[i]);
    const auto offset = number ? ast::dwarf_register_offset(*number) : std::nullopt;
    const bool alone = ops.size() == 1;
    if (!offset || (!alone && (i + 1 == ops.size() || ops[i + 1].atom != DW_OP_piece))) return {};
    const uint64_t size = alone ? 8 : ops[i + 1].number;
    if (size != 1 && size != 2 && size != 4 && size != 8) return {};
    pieces.push_back({*offset, at, static_cast<uint32_t>(size)});
    at += static_cast<uint32_t>(size);
  }
  return pieces;
}

// Whether the registers are those that the convention says, in the same order. What lies between
// the members of a structure is told by some compilers and left out by others.
bool confirms(std::span<const Dwarf_Op> ops, const UserPrototype::Parameter& placed) {
  std::vector<uint32_t> told, wanted;
  for (const Dwarf_Op& op : ops) {
    if (op.atom == DW_OP_piece) continue;
    const auto number = register_of(op);
    const auto offset = number ? ast::dwarf_register_offset(*number) : std::nullopt;
    if (!offset) return false;
    told.push_back(*offset);
  }
  for (const ast::Piece& word : placed.words) wanted.push_back(word.offset);
  return placed.place == Place::Registers && told == wanted;
}

// In unoptimized code a parameter may be moved to a register of the function's own.
bool passes_arguments(const std::vector<ast::Piece>& pieces) {
  return std::all_of(pieces.begin(), pieces.end(), [](const ast::Piece& piece) {
    for (uint32_t i = 0; i < ast::kArgumentRegisters; i++) {
      if (ast::argument_offset(i) == piece.offset) return true;
    }
    return false;
  });
}

bool same_place(const UserPrototype::Parameter& a, const UserPrototype::Parameter& b) {
  if (a.place != b.place) return false;
  if (a.place == Place::Stack) return a.stack_offset == b.stack_offset;
  return a.place == Place::Elsewhere || a.words[0].offset == b.words[0].offset;
}

}  // namespace

EntryLocation place_by_location(Dwarf_Die& parameter, Dwarf_Die& function, uint64_t address,
                                UserPrototype::Parameter& placed) {
  Dwarf_Attribute attribute;
  Dwarf_Op* expression = nullptr;
  size_t count = 0;
  Dwarf_Die type;
  if (!dwarf_attr_integrate(&parameter, DW_AT_location, &attribute)) return EntryLocation::None;
  if (dwarf_getlocation_addr(&attribute, address, &expression, &count, 1) != 1 || count == 0 ||
      !plain_type(parameter, type)) {
    return EntryLocation::None;
  }
  const std::span<const Dwarf_Op> ops(expression, count);
  const UserPrototype::Parameter before = placed;
  const bool list = is_list(attribute);
  const bool computed = ops.back().atom == DW_OP_stack_value || ops.back().atom == DW_OP_piece;
  // The convention wants its address, and the compiler passes parts of it.
  const bool dissolved =
      placed.type.is(ast::TypeKind::Pointer) && is_structure(type) && register_of(ops[0]);
  if (dissolved) {
    placed.place = Place::Elsewhere;
  } else if (auto pieces = pieces_of(ops); !pieces.empty() && (list || passes_arguments(pieces))) {
    const uint64_t size = pieces.back().at + pieces.back().size;
    const bool whole = size >= size_of(type) && (size <= size_of(type) || pieces.size() == 1);
    if (whole) {
      placed.place = Place::Registers;
      placed.words = std::move(pieces);
    } else if (!confirms(ops, before)) {
      placed.place = Place::Elsewhere;
    }
  } else if (list && is_in_callers_frame(ops, function, address)) {
    placed.place = Place::Stack;
    placed.stack_offset = ast::kReturnAddressSize + frame_offset(ops);
  } else if (computed || register_of(ops[0])) {
    if (!confirms(ops, before)) placed.place = Place::Elsewhere;
  } else {
    return EntryLocation::InFrame;
  }
  return same_place(before, placed) ? EntryLocation::Agrees : EntryLocation::Differs;
}

}  // namespace gimlet::kernel
