// Loads, stores and copies; the one place that knows how each kind of address is read.
#include <bit>

#include "codegen/lowering.h"

namespace gimlet::codegen {
namespace {

// Copies up to this size are loads and stores; a helper call costs about as much as 40 of them.
constexpr uint32_t kInlineCopy = 256;
constexpr uint32_t kInlineZero = 512;
constexpr uint32_t kInlineText = 256;

// The largest power of two that may be accessed at an address at once.
uint32_t access_size(const Address& address, uint32_t offset) {
  if (!address.strict) return 8;
  uint32_t position = address.offset + offset;
  return position == 0 ? 8 : std::min(8U, 1U << std::countr_zero(position));
}

uint32_t chunk_size(uint32_t remaining, uint32_t allowed) {
  return std::min(allowed, std::bit_floor(std::min(remaining, 8U)));
}

struct Reader {
  Helper helper;
  const char* name;
};

Reader reader(Place place) {
  switch (place) {
    case Place::User: return {Helper::ProbeReadUser, "probe_read_user"};
    case Place::Generic: return {Helper::ProbeRead, "probe_read"};
    default: return {Helper::ProbeReadKernel, "probe_read_kernel"};
  }
}

Reader string_reader(Place place) {
  switch (place) {
    case Place::User: return {Helper::ProbeReadUserStr, "probe_read_user_str"};
    case Place::Generic: return {Helper::ProbeReadStr, "probe_read_str"};
    default: return {Helper::ProbeReadKernelStr, "probe_read_kernel_str"};
  }
}

}  // namespace

llvm::Value* Lowering::pointer(const Address& address) {
  if (address.offset == 0) return address.base;
  return b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), address.base, address.offset);
}

// Alignment is always claimed: where it does not hold (packed map values and records), the kernels
// that gimlet runs on take unaligned accesses, while LLVM would split them into single bytes.
llvm::Value* Lowering::load(const Address& address, uint32_t bytes, bool is_volatile) {
  return b_.CreateAlignedLoad(integer(bytes), pointer(address), llvm::Align(bytes), is_volatile);
}

void Lowering::store(llvm::Value* value, const Address& address, uint32_t bytes) {
  if (access_size(address, 0) < bytes) {
    uint32_t half = bytes / 2;
    store(value, address, half);
    store(b_.CreateLShr(value, 8 * half), address.at(half), half);
    return;
  }
  b_.CreateAlignedStore(b_.CreateTrunc(value, integer(bytes)), pointer(address),
                        llvm::Align(bytes));
}

llvm::Value* Lowering::extend(llvm::Value* value, const ast::Type& type) {
  return type.is_signed ? b_.CreateSExt(value, b_.getInt64Ty())
                        : b_.CreateZExt(value, b_.getInt64Ty());
}

void Lowering::zero(const Address& to, uint32_t size) {
  if (size > kInlineZero) {
    // A read that fails clears what it should have filled, and address 0 cannot be read.
    call(Helper::ProbeReadKernel, {pointer(to), constant(size), constant(0)});
    return;
  }
  uint32_t done = 0;
  while (done < size) {
    uint32_t chunk = chunk_size(size - done, access_size(to, done));
    store(constant(0), to.at(done), chunk);
    done += chunk;
  }
}

namespace {

// Whether a value can be copied by loads. Behind a trusted pointer only within one array: a load
// that touches two members is refused.
bool loads_suffice(const Value& value) {
  if (value.place == Place::Trusted) {
    return value.type.is(ast::TypeKind::String) && value.type.size <= 64 && !value.maybe_null;
  }
  return value.place == Place::Memory || value.place == Place::Context;
}

}  // namespace

void Lowering::copy(const Address& to, const Value& from, uint32_t size) {
  if (size == 0) return;
  bool direct = loads_suffice(from);
  if (!direct || size > kInlineCopy) {
    probe_read(to, constant(size), from);
    return;
  }
  bool is_volatile = from.place == Place::Context || from.place == Place::Trusted;
  uint32_t done = 0;
  while (done < size) {
    uint32_t allowed = std::min(access_size(to, done), access_size(from.address, done));
    uint32_t chunk = chunk_size(size - done, allowed);
    store(b_.CreateZExt(load(from.address.at(done), chunk, is_volatile), b_.getInt64Ty()),
          to.at(done), chunk);
    done += chunk;
  }
}

// LLVM must not see where a pointer leads: it would use what it knows of the alignment to add
// offsets by `or`, which the verifier does not allow on pointers.
llvm::Value* Lowering::address_of(const Value& value) {
  const Address& address = value.address;
  if (address.base->getType()->isPointerTy()) {
    return b_.CreatePtrToInt(opaque(pointer(address)), b_.getInt64Ty());
  }
  return address.offset == 0 ? address.base : b_.CreateAdd(address.base, constant(address.offset));
}

llvm::Value* Lowering::probe_read(const Address& to, llvm::Value* size, const Value& from) {
  Reader r = reader(from.place);
  llvm::Value* result = call(r.helper, {pointer(to), size, address_of(from)});
  if (from.place != Place::Memory) report_failed_read(r.name, result);
  return result;
}

llvm::Value* Lowering::probe_read_string(const Address& to, llvm::Value* size, Place place,
                                         llvm::Value* address) {
  Reader r = string_reader(place);
  llvm::Value* result = call(r.helper, {pointer(to), size, address});
  if (place != Place::Memory) report_failed_read(r.name, result);
  return result;
}

void Lowering::report_failed_read(const char* helper, llvm::Value* result) {
  if (!config().report_failed_reads) return;
  when(
      b_.CreateICmpSLT(result, constant(0)), [&] { helper_error(helper, result); }, true);
}

Value Lowering::reference(Place place, llvm::Value* base, uint32_t offset, const ast::Type& type) {
  Value value;
  value.place = place;
  value.type = type;
  value.address = {base, offset, place == Place::Context};
  return value;
}

Value Lowering::register_value(llvm::Value* bits, const ast::Type& type) {
  Value value;
  value.place = Place::Register;
  value.type = type;
  value.address.base = bits;
  return value;
}

Place Lowering::place_of(ast::AddressSpace space) const {
  switch (space) {
    case ast::AddressSpace::Kernel: return Place::Kernel;
    case ast::AddressSpace::User: return Place::User;
    case ast::AddressSpace::None: break;
  }
  return Place::Generic;
}

Value Lowering::read(const Value& ref) {
  if (ref.place == Place::Register || !in_register(ref.type)) return ref;
  uint32_t bytes = ref.type.size;
  bool direct =
      ref.place == Place::Memory || ref.place == Place::Context || ref.place == Place::Trusted;
  Address from = ref.address;
  if (!direct || (ref.place == Place::Memory && access_size(from, 0) < bytes)) {
    // A failed read leaves zeroes.
    from = allocate(8);
    if (direct) {
      copy(from, ref, bytes);
    } else {
      probe_read(from, constant(bytes), ref);
    }
  }
  bool is_volatile = ref.place == Place::Context || ref.place == Place::Trusted;
  auto loaded = [&] { return extend(load(from, bytes, is_volatile), ref.type); };
  llvm::Value* bits = ref.place == Place::Trusted && ref.maybe_null
                          ? choose(b_.CreateIsNotNull(from.base), loaded,
                                   [&]() -> llvm::Value* { return constant(0); })
                          : loaded();
  Value result = register_value(bits, ref.type);
  bool to_struct = ref.type.is(ast::TypeKind::Pointer) &&
                   ref.type.element->is(ast::TypeKind::Struct) &&
                   ref.type.space != ast::AddressSpace::User;
  result.trusted = ref.place == Place::Trusted && to_struct;
  result.maybe_null = true;
  return result;
}

// --- writing values ---

void Lowering::write_text(const std::string& text, uint32_t capacity, const Address& to) {
  if (text.size() > kInlineText) {
    // Thousands of stores in one block take LLVM seconds.
    auto size = std::min(static_cast<uint32_t>(text.size() + 1), capacity);
    call(Helper::ProbeReadKernel, {pointer(to), constant(size), module_.text(text)});
    return zero(to.at(size), capacity - size);
  }
  uint32_t done = 0;
  while (done < capacity) {
    uint32_t chunk = chunk_size(capacity - done, access_size(to, done));
    uint64_t word = 0;
    for (uint32_t i = 0; i < chunk; i++) {
      uint64_t byte = done + i < text.size() ? static_cast<unsigned char>(text[done + i]) : 0;
      uint32_t shift = std::endian::native == std::endian::little ? 8 * i : 8 * (chunk - 1 - i);
      word |= byte << shift;
    }
    store(constant(word), to.at(done), chunk);
    done += chunk;
  }
}

Value Lowering::materialize(const Value& value) {
  if (value.place == Place::Memory) return value;
  Value result = value;
  result.place = Place::Memory;
  result.address = allocate(value.type.size);
  result.padded = false;
  copy(result.address, value, value.type.size);
  return result;
}

void Lowering::write(const Value& value, const ast::Type& target, const Address& to, bool padded) {
  if (in_register(target)) {
    llvm::Value* bits = convert(read(value).bits(), value.type, target);
    store(bits, to, target.size);
    return;
  }
  uint32_t size = std::min(value.type.size, target.size);
  if (target.is(ast::TypeKind::String)) {
    if (!padded || value.padded) {
      copy(to, value, size);
      if (padded) {
        zero(to.at(size), target.size - size);
      } else if (size < target.size) {
        store(constant(0), to.at(size), 1);
      }
      return;
    }
    zero(to, target.size);
    copy_string(to, size, value);
    return;
  }
  bool fields = target.is(ast::TypeKind::Tuple) || target.is(ast::TypeKind::Record);
  if (fields && !ast::same_type(target, value.type)) return rewrite(value, target, to, padded);
  copy(to, value, size);
  if (padded && size < target.size) zero(to.at(size), target.size - size);
}

}  // namespace gimlet::codegen
