// str(), buf() and stack traces: builtins that fill memory (probes-and-stdlib B5.2, B8, B9).
#include "codegen/lower_builtins.h"

namespace gimlet::codegen {
namespace {

using ast::TypeKind;

struct Source {
  Place place = Place::None;
  llvm::Value* address = nullptr;
};

// Where the bytes of a pointer, an address, or a value in memory lie.
Source source_of(Lowering& l, const ast::Expr& expr) {
  const ast::Type& type = l.type(expr);
  if (in_register(type)) return {l.place_of(type.space), l.lower_bits(expr)};
  Value value = l.lower(expr);
  bool kernel = value.place == Place::Context || value.place == Place::Trusted;
  return {kernel ? Place::Kernel : value.place, l.address_of(value)};
}

// The same for what is read up to a NUL. An array may have none, so a copy gets one: what lies
// behind the array is none of it.
Source text_source_of(Lowering& l, const ast::Expr& expr) {
  const ast::Type& type = l.type(expr);
  if (!type.is(TypeKind::Array) || type.size == 0) return source_of(l, expr);
  Value array = l.lower(expr);
  Value copy = l.reference(Place::Memory, nullptr, 0, type);
  copy.address = l.allocate_scratch((type.size + 8) / 8 * 8);
  l.copy(copy.address, array, type.size);
  l.store(l.constant(0), copy.address.at(type.size), 1);
  return {Place::Memory, l.address_of(copy)};
}

const ast::IntegerConstant* literal(Lowering& l, const ast::Expr* expr) {
  if (!expr || !l.info(*expr).constant) return nullptr;
  return std::get_if<ast::IntegerConstant>(&*l.info(*expr).constant);
}

llvm::Value* read_str(Lowering& l, const ast::Expr& expr, const Address& to) {
  uint32_t capacity = l.type(expr).size;
  const ast::Expr* wanted = argument(expr, 1);
  Source source = text_source_of(l, *argument(expr, 0));
  const ast::IntegerConstant* number = literal(l, wanted);
  uint64_t limit = l.config().max_strlen;
  if (number && number->bits <= limit) {
    // n bytes, the NUL included: text that is cut here was asked to be cut.
    if (number->bits == 0) {
      l.store(l.constant(0), to, 1);
      return l.constant(1);
    }
    return l.read_string(to, l.constant(number->bits), capacity, source.place, source.address,
                         false);
  }
  if (!wanted || number) {
    return l.read_string(to, l.constant(capacity), capacity, source.place, source.address, true);
  }
  // Only a length beyond the limit of all strings makes a cut that shows.
  llvm::Value* asked = l.lower_number(*wanted);
  llvm::Value* size = l.clamp(asked, capacity);
  l.store(l.constant(0), to, 1);
  llvm::Value* length = l.read_string(to, size, capacity, source.place, source.address, false);
  llvm::Value* beyond = l.builder().CreateICmpUGT(asked, l.constant(limit));
  l.when(
      beyond, [&] { l.keep_last_byte(to, length, capacity, source.place, source.address); }, true);
  return length;
}

}  // namespace

void lower_str(Lowering& l, const ast::Expr& expr, const Address& to, bool padded) {
  if (padded) l.zero(to, l.type(expr).size);
  read_str(l, expr, to);
}

llvm::Value* lower_str_tail(Lowering& l, const ast::Expr& expr, const Address& to) {
  return read_str(l, expr, to);
}

// {uint32 length; bytes}
void lower_buf(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  llvm::IRBuilder<>& b = l.builder();
  uint32_t capacity = l.type(expr).size - 4;
  Source source = source_of(l, *argument(expr, 0));
  const ast::Expr* wanted = argument(expr, 1);
  llvm::Value* size = l.constant(capacity);
  if (wanted && !literal(l, wanted)) {
    size = l.clamp(l.lower_number(*wanted), capacity);
    l.zero(to.at(4), capacity);
  }
  Value from = l.reference(source.place, source.address, 0, l.type(expr));
  llvm::Value* result = l.probe_read(to.at(4), size, from);
  llvm::Value* length = b.CreateSelect(b.CreateICmpSLT(result, l.constant(0)), l.constant(0), size);
  l.store(length, to, 4);
}

// Kernel stacks are {uint64 frames; addresses}, user stacks {uint64 frames; uint64 process;
// addresses}. The helper zeroes what it does not use. It takes no empty memory, so a stack of no
// frames is made without it.
void lower_stack(Lowering& l, const ast::Expr& expr, const Address& to, bool) {
  llvm::IRBuilder<>& b = l.builder();
  const ast::Type& type = l.type(expr);
  bool user = type.is(TypeKind::UserStack);
  if (type.stack_limit == 0) {
    l.store(l.constant(0), to, 8);
    if (user) l.store(lower_pid(l, expr), to.at(8), 8);
    return;
  }
  uint32_t start = user ? 16 : 8;
  llvm::Value* size = l.constant(8ULL * type.stack_limit);
  llvm::Value* flags = l.constant(user ? kUserStackFlag : 0);
  llvm::Value* result =
      l.call(Helper::GetStack, {l.context(), l.pointer(to.at(start)), size, flags});
  llvm::Value* failed = b.CreateICmpSLT(result, l.constant(0));
  // Kernel threads have no user stack; the kernel says EFAULT.
  constexpr int64_t kFault = -14;
  llvm::Value* reported = failed;
  if (user) {
    llvm::Value* other = b.CreateICmpNE(result, l.constant(static_cast<uint64_t>(kFault)));
    reported = b.CreateAnd(failed, other);
  }
  const char* message = user ? "Error reading ustack." : "Error reading kstack.";
  l.when(
      reported, [&] { l.runtime_error(message); }, true);
  l.store(b.CreateSelect(failed, l.constant(0), b.CreateLShr(result, 3)), to, 8);
  if (user) l.store(lower_pid(l, expr), to.at(8), 8);
}

void lower_dwarf_stack(Lowering& l, const ast::Expr& expr, const Address& to, bool padded) {
  if (l.type(expr).stack_limit == 0) return lower_stack(l, expr, to, padded);
  l.unwind_stack(expr, to);
}

}  // namespace gimlet::codegen
