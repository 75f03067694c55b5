// A text on its way through strlen(), strstr() and str_concat(): a copy in scratch memory, with the
// number of its characters.
//
// Copying is cheap, since the kernel has a function for it, and has a use: the memory is as large
// as a power of two, so that an index needs only a mask to convince the verifier.
#pragma once

#include "codegen/lowering.h"

namespace gimlet::codegen {

struct TextValue {
  Address bytes;
  uint32_t size = 0;              // of the memory: a power of two
  llvm::Value* length = nullptr;  // characters before the NUL, at most `size`
};

// Of a string, an array of int8 or a pointer to int8. At most `limit` bytes are taken.
TextValue lower_text(Lowering& l, const ast::Expr& expr, uint32_t limit);

// The index of the first occurrence, or -1.
llvm::Value* find_text(Lowering& l, const TextValue& haystack, const TextValue& needle);

}  // namespace gimlet::codegen
