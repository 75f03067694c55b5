// Bytes from the kernel -> Value. Total: whatever the bytes are, the answer is a Value or nothing,
// never a read outside of them.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "image/image.h"
#include "runtime/symbols.h"
#include "runtime/value.h"

namespace gimlet::runtime {

using ByteSpan = std::span<const uint8_t>;

// What decoding needs to know beyond the type.
struct DecodeContext {
  const image::Image& image;  // structure and enum layouts, timestamp formats, configuration
  Symbols& symbols;
  uint64_t boot_offset_ns = 0;
};

// An unaligned read of native order; the caller has checked the size.
template <typename T>
T read_at(ByteSpan bytes, size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(value));
  return value;
}

// Little-endian integer of 1, 2, 4 or 8 bytes, extended by its sign. Other sizes give 0.
uint64_t read_integer(ByteSpan bytes, size_t size, bool is_signed);

// `bytes` starts at the value and may be longer. Nothing if it is shorter than the type, or the
// type is none that a program sends.
std::optional<Value> decode(const ast::Type& type, ByteSpan bytes, const DecodeContext& context);

// The fields of a record, header included in `record`.
std::optional<std::vector<Value>> decode_fields(const ast::EventPlan& plan, ByteSpan record,
                                                const DecodeContext& context);

}  // namespace gimlet::runtime
