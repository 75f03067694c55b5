// Memory access: fields, array elements, dereferences, bitfields (language §7).
//
// A chain such as curtask->mm->owner is followed without helpers as long as the verifier knows the
// type behind every pointer. The kernel lets such a load fail softly (it gives 0), but may consider
// a loaded pointer as possibly null; so each further step is taken behind a test.
#include <bit>

#include "ast/arch.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {

using ast::TypeKind;

// `comm` where the place of the name in the task is known: no helper is called.
Value Lowering::comm_field(const ast::FieldUse& use, const ast::Type& type) {
  llvm::Value* task = call(Helper::GetTaskBtf, {});
  Value value = reference(Place::Trusted, task, use.field.offset, type);
  // The kernel always writes the whole name, padded with zeroes.
  value.padded = true;
  return value;
}

// The base of a field access: unlike elsewhere, `curtask` is worth a typed pointer here.
Value Lowering::base_of(const ast::Expr& expr) {
  auto* use = std::get_if<ast::BuiltinUse>(&info(expr).use);
  if (use && use->id == ast::BuiltinId::Curtask) {
    llvm::Value* task = call(Helper::GetTaskBtf, {});
    Value value = register_value(b_.CreatePtrToInt(task, b_.getInt64Ty()), type(expr));
    value.trusted = true;
    value.maybe_null = false;
    return value;
  }
  if (use && use->id == ast::BuiltinId::Ctx) {
    return reference(Place::Context, context(), 0, *type(expr).element);
  }
  return lower(expr);
}

Value Lowering::dereference(const Value& pointer_value, const ast::Type& target) {
  llvm::Value* address = pointer_value.bits();
  if (pointer_value.trusted) {
    llvm::Value* base = b_.CreateIntToPtr(address, b_.getPtrTy());
    Value value = reference(Place::Trusted, base, 0, target);
    value.maybe_null = pointer_value.maybe_null;
    return value;
  }
  return reference(place_of(pointer_value.type.space), address, 0, target);
}

// A parameter or result that the verifier does not let be read from the context: it wants pointers
// there to lead to a structure whose layout it knows, or to a number.
bool Lowering::needs_helper(const ast::Type& type) const {
  bool trampoline =
      ast::is_trampoline(probe_.provider) && probe_.mechanism == ast::Mechanism::Native;
  // Only the kernel knows where the result of a BPF program lies.
  if (ast::traces_bpf_function(probe_)) return true;
  if (!trampoline || !type.is(TypeKind::Pointer)) return false;
  const ast::Type& target = *type.element;
  const bool readable =
      target.is(TypeKind::Struct) || target.is(TypeKind::Integer) || target.is(TypeKind::Bool);
  return !readable || target.size == 0;
}

llvm::Value* Lowering::function_word(std::optional<uint32_t> parameter) {
  Address word = allocate(8);
  store(constant(0), word, 8);
  if (parameter) {
    call(Helper::GetFuncArg, {context(), constant(*parameter), pointer(word)});
  } else {
    call(Helper::GetFuncRet, {context(), pointer(word)});
  }
  return load_word(word);
}

Value Lowering::context_word(const ast::Field& field, const ast::Type& type) {
  bool result = probe_.result && field.offset == probe_.result->offset;
  auto parameter = result ? std::nullopt : std::optional<uint32_t>(field.offset / 8);
  return register_value(function_word(parameter), type);
}

// fentry and fexit by kprobes: the registers are the words.
Value Lowering::register_field(const ast::Field& field, const ast::Type& type) {
  bool result = probe_.result && field.offset == probe_.result->offset;
  const char* name = result ? ast::kReturnName : ast::kArgumentNames[field.offset / 8];
  return read(reference(Place::Context, context(), *ast::register_offset(name), type));
}

Value Lowering::context_field(const ast::Field& field, const ast::Type& type) {
  if (probe_.mechanism == ast::Mechanism::Kprobe) return register_field(field, type);
  if (needs_helper(type)) return context_word(field, type);
  if (field.data_location) {
    // The upper half of the word is the length, the lower the place within the record.
    llvm::Value* word = load({context(), field.offset, true}, 4, true);
    llvm::Value* offset = b_.CreateAnd(b_.CreateZExt(word, b_.getInt64Ty()), constant(0xffff));
    llvm::Value* start = b_.CreatePtrToInt(context(), b_.getInt64Ty());
    return register_value(b_.CreateAdd(start, offset), type);
  }
  if (field.on_stack) {
    llvm::Value* top = load({context(), *ast::register_offset("sp"), true}, 8, true);
    return read(reference(Place::User, b_.CreateAdd(top, constant(field.offset)), 0, type));
  }
  if (!field.pieces.empty()) {
    // A structure in several registers.
    const uint32_t size = (type.size + 7) / 8 * 8;
    Address memory = allocate(size);
    const bool gaps = field.pieces.size() < size / 8 || field.pieces.back().size < 8 ||
                      field.pieces.front().size < 8;
    for (uint32_t at = 0; gaps && at < size; at += 8) store(constant(0), memory.at(at), 8);
    for (const ast::Piece& piece : field.pieces) {
      store(load({context(), piece.offset, true}, 8, true), memory.at(piece.at), piece.size);
    }
    Value whole = reference(Place::Memory, memory.base, memory.offset, type);
    whole.address = memory;
    return whole;
  }
  Value value = reference(Place::Context, context(), field.offset, type);
  if (field.bit_width > 0) return bitfield(value, field, type);
  Value result = read(value);
  if (result.place == Place::Register && probe_.uses_btf_context) {
    result.trusted = type.is(TypeKind::Pointer) && type.element->is(TypeKind::Struct) &&
                     type.space != ast::AddressSpace::User;
    result.maybe_null = true;
  }
  return result;
}

Value Lowering::bitfield(const Value& base, const ast::Field& field, const ast::Type& type) {
  // Some whole, aligned word of the declared type holds all of the bits; in packed structures the
  // bytes that do are read one by one.
  uint32_t first = field.bit_offset / 8;
  uint32_t last = (field.bit_offset + field.bit_width - 1) / 8;
  uint32_t span = std::bit_ceil(last - first + 1);
  uint32_t start = first;
  if (span <= 8) {
    uint32_t position = (base.address.offset + first) / span * span;
    if (position + span > base.address.offset + last && position >= base.address.offset) {
      start = position - base.address.offset;
    }
  }
  Value word = base;
  word.address = base.address.at(start);
  word.type = ast::integer_type(std::min(span, 8U), false);
  llvm::Value* bits = read(word).bits();
  uint32_t shift = field.bit_offset - 8 * start;
  if constexpr (std::endian::native == std::endian::big) {
    shift = 8 * word.type.size - shift - field.bit_width;
  }
  uint64_t mask = field.bit_width >= 64 ? ~0ULL : (1ULL << field.bit_width) - 1;
  bits = b_.CreateAnd(b_.CreateLShr(bits, shift), constant(mask));
  return register_value(bits, type);
}

Value Lowering::field_of(const Value& base, const ast::Field& field, const ast::Type& type) {
  Value member = base;
  member.type = type;
  member.padded = false;
  member.address = base.address.at(field.offset);
  if (field.bit_width > 0) return bitfield(member, field, type);
  return read(member);
}

Value Lowering::lower_node(const ast::Expr& expr, const ast::FieldAccess& node) {
  const ast::Type& result = type(expr);
  auto* in_context = std::get_if<ast::FieldUse>(&info(expr).use);
  if (in_context && in_context->in_context) return context_field(in_context->field, result);
  if (type(*node.base).is(TypeKind::Record)) return record_field(expr, node);
  const auto& use = std::get<ast::FieldUse>(info(expr).use);
  Value base = base_of(*node.base);
  while (base.type.is(TypeKind::Pointer) && base.place != Place::Context) {
    ast::Type target = *base.type.element;
    if (target.space == ast::AddressSpace::None) target.space = base.type.space;
    base = dereference(read(base), target);
  }
  bool of_iterator = base.place == Place::Context && probe_.provider == ast::ProviderId::Iter;
  if (of_iterator) return iterator_member(base, use.field, result);
  return field_of(base, use.field, result);
}

Value Lowering::element_of(const Value& base, const ast::Expr& index, const ast::Type& element,
                           const ast::Type& result) {
  Value place = base;
  place.type = result;
  place.padded = false;
  if (base.place == Place::Memory && base.type.is(TypeKind::Array) && base.type.length == 0) {
    fail(index.range, "a copied array of unknown length cannot be indexed");
    return register_value(constant(0), result);
  }
  const auto& known = info(index).constant;
  auto* literal = known ? std::get_if<ast::IntegerConstant>(&*known) : nullptr;
  if (literal && literal->bits * element.size < (1U << 30)) {
    place.address = base.address.at(static_cast<uint32_t>(literal->bits * element.size));
    return read(place);
  }
  llvm::Value* number = lower_number(index);
  const uint32_t count = base.type.is(TypeKind::Array)    ? base.type.length
                         : base.type.is(TypeKind::String) ? base.type.size
                                                          : 0;
  if (count > 0) {
    llvm::Value* outside = b_.CreateICmpUGE(number, constant(count));
    when(
        outside,
        [&] { runtime_error("Array access out of bounds. This can lead to unexpected results."); },
        true);
  }
  // The verifier wants constant offsets in the context and in typed memory; a helper does not care.
  if (base.place == Place::Context || base.place == Place::Trusted) place.place = Place::Kernel;
  if (base.place == Place::Memory) {
    number = clamp(number, count - 1);
    // If LLVM knew that the base is aligned it would add small offsets by `or`, which the verifier
    // does not allow on pointers.
    llvm::Value* start = opaque(pointer(base.address));
    llvm::Value* offset = b_.CreateMul(number, constant(element.size));
    place.address = {b_.CreateGEP(b_.getInt8Ty(), start, offset), 0, base.address.strict};
    if (base.address.strict && element.size < 8 && in_register(result)) {
      // Elements are aligned by their own size, which is all that a load of one needs.
      llvm::Value* bits = load({place.address.base, 0, false}, element.size);
      return register_value(extend(bits, result), result);
    }
    return read(place);
  }
  llvm::Value* offset = b_.CreateMul(number, constant(element.size));
  // The base may be in memory of the program, to which the verifier lets nothing be added whose
  // bounds it does not know. For a helper any number will do.
  place.address = {b_.CreateAdd(plain(address_of(base)), offset), 0, false};
  return read(place);
}

Value Lowering::lower_node(const ast::Expr& expr, const ast::Index& node) {
  const ast::Type& result = type(expr);
  const ast::Type& from = type(*node.base);
  if (from.is(TypeKind::Tuple)) {
    const auto& literal = std::get<ast::IntegerConstant>(*info(*node.index).constant);
    return element(materialize(lower(*node.base)), (*from.fields)[literal.bits], result);
  }
  if (from.is(TypeKind::Pointer)) {
    Value base = reference(place_of(from.space), lower_number(*node.base), 0, from);
    return element_of(base, *node.index, result, result);
  }
  Value base = lower(*node.base);
  ast::Type element = from.is(TypeKind::String) ? ast::integer_type(1, true) : *from.element;
  if (element.size == 0) element.size = result.size;
  return element_of(base, *node.index, element, result);
}

}  // namespace gimlet::codegen
