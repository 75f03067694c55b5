// Strings: reading, copying, comparing (language §9, probes-and-stdlib B9).
//
// A string is an array of bytes that ends at its first NUL or at its capacity. A string without a
// NUL was cut off, and is shown as such; so the copies made here never add one.
#include <algorithm>
#include <bit>

#include "codegen/lowering.h"

namespace gimlet::codegen {
namespace {

// Longer comparisons are loops.
constexpr uint32_t kDirectCompare = 128;
// A longer text is not compared with numbers in the code: LLVM would load all of it first, and has
// no room for that.
constexpr uint32_t kMostWords = 32;

}  // namespace

// The kernel's string functions always end their result with a NUL, cutting the text if need be. A
// result that fills the capacity therefore either just fits or was cut; the byte that belongs in
// the last place tells, and makes a cut string one without a NUL.
void Lowering::keep_last_byte(const Address& to, llvm::Value* length, uint32_t capacity,
                              Place place, llvm::Value* address) {
  when(
      b_.CreateICmpEQ(length, constant(capacity)),
      [&] {
        Value last = reference(place, address, capacity - 1, ast::integer_type(1, false));
        probe_read(to.at(capacity - 1), constant(1), last);
      },
      true);
}

llvm::Value* Lowering::read_string(const Address& to, llvm::Value* size, uint32_t capacity,
                                   Place place, llvm::Value* address, bool show_cut) {
  llvm::Value* result = opaque(probe_read_string(to, size, place, address));
  // A negative result, a failed read, is a huge number here; it has left zeroes.
  llvm::Value* length = choose(
      b_.CreateICmpULE(result, constant(capacity)), [&] { return result; },
      [&]() -> llvm::Value* { return constant(0); });
  if (show_cut && capacity > 0) keep_last_byte(to, length, capacity, place, address);
  return length;
}

llvm::Value* Lowering::copy_string(const Address& to, uint32_t capacity, const Value& from) {
  Place place =
      from.place == Place::Context || from.place == Place::Trusted ? Place::Kernel : from.place;
  return read_string(to, constant(capacity), capacity, place, address_of(from), true);
}

// Compares the bytes that decide: the text and its NUL, as far as both sides have room for them.
llvm::Value* Lowering::text_equals(const Value& value, const std::string& full_text) {
  std::string text = full_text.substr(0, full_text.find('\0'));
  uint32_t count = std::min<uint32_t>(static_cast<uint32_t>(text.size()) + 1, value.type.size);
  if (count == 0) return b_.getTrue();
  if (count > kMostWords * 8) {
    Value literal = reference(Place::Memory, nullptr, 0, ast::string_type(count));
    literal.address = allocate(count);
    write_text(text, count, literal.address);
    return memory_strings_equal(in_memory(value), literal);
  }
  Value from = value;
  uint32_t readable = value.type.size;
  bool direct = value.place == Place::Memory || value.place == Place::Context ||
                (value.place == Place::Trusted && !value.maybe_null);
  if (!direct) {
    readable = (count + 7) / 8 * 8;
    from = reference(Place::Memory, nullptr, 0, value.type);
    from.address = allocate(readable);
    copy(from.address, value, count);
    if (count < readable) zero(from.address.at(count), readable - count);
  }
  bool is_volatile = from.place == Place::Context || from.place == Place::Trusted;
  llvm::Value* difference = nullptr;
  uint32_t done = 0;
  while (done < count) {
    uint32_t position = from.address.offset + done;
    uint32_t allowed = 8;
    if (from.address.strict && position != 0)
      allowed = std::min(8U, 1U << std::countr_zero(position));
    uint32_t left = count - done;
    uint32_t chunk = std::min(allowed, std::bit_ceil(std::min(left, 8U)));
    while (done + chunk > readable) chunk /= 2;
    uint64_t wanted = 0;
    uint64_t mask = 0;
    for (uint32_t i = 0; i < std::min(chunk, left); i++) {
      uint64_t byte = done + i < text.size() ? static_cast<unsigned char>(text[done + i]) : 0;
      uint32_t shift = std::endian::native == std::endian::little ? 8 * i : 8 * (chunk - 1 - i);
      wanted |= byte << shift;
      mask |= 0xffULL << shift;
    }
    llvm::Value* word =
        b_.CreateZExt(load(from.address.at(done), chunk, is_volatile), b_.getInt64Ty());
    llvm::Value* other = b_.CreateXor(b_.CreateAnd(word, constant(mask)), constant(wanted));
    difference = difference ? b_.CreateOr(difference, other) : other;
    done += chunk;
  }
  return b_.CreateICmpEQ(difference, constant(0));
}

// Eight bytes at a time: a difference counts only up to the first NUL, which is the lowest bit set
// by the usual has-a-zero-byte expression.
llvm::Value* Lowering::memory_strings_equal(const Value& left, const Value& right) {
  uint32_t size = std::min(left.type.size, right.type.size);
  llvm::BasicBlock* done = block("compared");
  std::vector<std::pair<llvm::Value*, llvm::BasicBlock*>> results;
  auto compare_at = [&](const Address& a, const Address& b, uint32_t chunk) {
    llvm::Value* x = b_.CreateZExt(load(a, chunk), b_.getInt64Ty());
    llvm::Value* y = b_.CreateZExt(load(b, chunk), b_.getInt64Ty());
    uint64_t ones = 0x0101010101010101ULL >> (64 - 8 * chunk);
    llvm::Value* zeros = b_.CreateAnd(
        b_.CreateAnd(b_.CreateSub(x, constant(ones)), b_.CreateNot(x)), constant(ones << 7));
    llvm::Value* lowest = b_.CreateAnd(zeros, b_.CreateNeg(zeros));
    // All bits up to the end of the byte with the first NUL; all bits when there is none.
    llvm::Value* counted = b_.CreateSub(b_.CreateShl(lowest, 1), constant(1));
    llvm::Value* differ = b_.CreateICmpNE(b_.CreateAnd(b_.CreateXor(x, y), counted), constant(0));
    llvm::BasicBlock* same = block("same");
    results.push_back({b_.getFalse(), b_.GetInsertBlock()});
    b_.CreateCondBr(differ, done, same);
    b_.SetInsertPoint(same);
    llvm::BasicBlock* next = block("next");
    results.push_back({b_.getTrue(), same});
    b_.CreateCondBr(b_.CreateICmpNE(zeros, constant(0)), done, next);
    b_.SetInsertPoint(next);
  };
  bool words = !left.address.strict || left.address.offset % 8 == 0;
  words = words && (!right.address.strict || right.address.offset % 8 == 0);
  words = words && std::endian::native == std::endian::little;
  uint32_t unit = words ? 8 : 1;
  uint32_t whole = size / unit * unit;
  if (whole <= kDirectCompare) {
    for (uint32_t i = 0; i < whole; i += unit) {
      compare_at(left.address.at(i), right.address.at(i), unit);
    }
  } else {
    llvm::Value* a = pointer(left.address);
    llvm::Value* b = pointer(right.address);
    repeat(constant(whole / unit), [&](llvm::Value* index) {
      llvm::Value* offset = b_.CreateMul(index, constant(unit));
      compare_at({b_.CreateGEP(b_.getInt8Ty(), a, offset)},
                 {b_.CreateGEP(b_.getInt8Ty(), b, offset)}, unit);
    });
  }
  for (uint32_t i = whole; i < size; i++) compare_at(left.address.at(i), right.address.at(i), 1);
  results.push_back({b_.getTrue(), b_.GetInsertBlock()});
  b_.CreateBr(done);
  b_.SetInsertPoint(done);
  llvm::PHINode* equal = b_.CreatePHI(b_.getInt1Ty(), static_cast<unsigned>(results.size()));
  for (const auto& [value, from] : results) equal->addIncoming(value, from);
  return equal;
}

Value Lowering::in_memory(const Value& value) {
  if (value.place != Place::Trusted) return materialize(value);
  Value kernel = value;
  kernel.place = Place::Kernel;
  kernel.address.base = b_.CreatePtrToInt(value.address.base, b_.getInt64Ty());
  return materialize(kernel);
}

llvm::Value* Lowering::strings_equal(const ast::Expr& left, const ast::Expr& right) {
  auto text_of = [&](const ast::Expr& expr) -> const std::string* {
    const auto& known = info(expr).constant;
    return known ? std::get_if<std::string>(&*known) : nullptr;
  };
  if (const std::string* text = text_of(right)) return text_equals(lower(left), *text);
  if (const std::string* text = text_of(left)) return text_equals(lower(right), *text);
  Value a = in_memory(lower(left));
  Value b = in_memory(lower(right));
  return memory_strings_equal(a, b);
}

llvm::Value* Lowering::bytes_equal(const Value& left, const Value& right, uint32_t size) {
  llvm::Value* difference = constant(0);
  uint32_t done = 0;
  if (size > kDirectCompare) {
    Address total = allocate(8);
    store(constant(0), total, 8);
    llvm::Value* a = pointer(left.address);
    llvm::Value* b = pointer(right.address);
    done = size / 8 * 8;
    repeat(constant(size / 8), [&](llvm::Value* index) {
      llvm::Value* offset = b_.CreateMul(index, constant(8));
      llvm::Value* x = load({b_.CreateGEP(b_.getInt8Ty(), a, offset)}, 8);
      llvm::Value* y = load({b_.CreateGEP(b_.getInt8Ty(), b, offset)}, 8);
      store(b_.CreateOr(load(total, 8), b_.CreateXor(x, y)), total, 8);
    });
    difference = load(total, 8);
  }
  while (done < size) {
    uint32_t chunk = std::bit_floor(std::min(size - done, 8U));
    auto allowed = [&](const Address& a) {
      uint32_t position = a.offset + done;
      return !a.strict || position == 0 ? 8U : std::min(8U, 1U << std::countr_zero(position));
    };
    chunk = std::min({chunk, allowed(left.address), allowed(right.address)});
    llvm::Value* x = b_.CreateZExt(load(left.address.at(done), chunk), b_.getInt64Ty());
    llvm::Value* y = b_.CreateZExt(load(right.address.at(done), chunk), b_.getInt64Ty());
    difference = b_.CreateOr(difference, b_.CreateXor(x, y));
    done += chunk;
  }
  return b_.CreateICmpEQ(difference, constant(0));
}

}  // namespace gimlet::codegen
