// Value: what an expression has become while a probe is lowered.
//
// Whatever fits a register is an i64, already extended by the sign of its type, so that operators
// never need to look at widths. Everything else stays where it is, as an address with a tag that
// says how it may be read: directly (BPF memory, the program's context, memory behind a trusted
// pointer of the kernel's type information) or with a helper (any other kernel or user address).
#pragma once

#include <cstdint>

#include "ast/type.h"

namespace llvm {
class Value;
}

namespace gimlet::codegen {

enum class Place : uint8_t {
  None,      // no value (void)
  Register,  // `base` is the i64 itself
  Memory,    // BPF stack, scratch memory, map value, ring buffer record
  Context,   // the program's context: constant offsets and exact sizes only
  Trusted,   // behind a typed pointer the verifier knows: direct loads of whole members
  Kernel,
  User,
  Generic,  // address space not known
};

struct Address {
  llvm::Value* base = nullptr;  // ptr; an i64 for Kernel, User and Generic places
  uint32_t offset = 0;
  // The verifier insists on natural alignment on the stack and in the context. A base is always a
  // multiple of 8 there, so that `offset` alone decides.
  bool strict = false;

  Address at(uint32_t more) const { return {base, offset + more, strict}; }
};

struct Value {
  Place place = Place::None;
  ast::Type type;
  Address address;  // Register: address.base is the value
  // Register: a pointer that the verifier knows as typed and readable.
  bool trusted = false;
  // Trusted: the verifier may want to see `base` tested before it is followed.
  bool maybe_null = false;
  // Memory strings: every byte after the NUL is zero.
  bool padded = false;

  llvm::Value* bits() const { return address.base; }
  bool is_memory() const { return place == Place::Memory; }
};

// Whether values of a type live in registers; the others are handled by address.
inline bool in_register(const ast::Type& type) {
  return ast::is_scalar(type) || type.is(ast::TypeKind::KernelSymbol) ||
         type.is(ast::TypeKind::Username);
}

}  // namespace gimlet::codegen
