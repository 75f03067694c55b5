// Casts (language §8).
#include "ast/promote.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {

using ast::TypeKind;

Value Lowering::lower_node(const ast::Expr& expr, const ast::Cast& node) {
  const ast::Type& target = type(expr);
  const ast::Type& from = type(*node.operand);
  Value value = read(lower(*node.operand));
  if (value.place == Place::Register && in_register(target)) {
    bool same =
        target.is(TypeKind::Pointer) && from.is(TypeKind::Pointer) && ast::same_type(target, from);
    bool keep = value.trusted && same;
    llvm::Value* bits = keep || target.is(TypeKind::Pointer) ? value.bits() : number(value);
    Value result = register_value(convert(bits, from, target), target);
    result.trusted = keep;
    result.maybe_null = value.maybe_null;
    return result;
  }
  if (target.is(TypeKind::Pointer)) return register_value(address_of(value), target);
  if (target.is(TypeKind::Bool)) {
    Value first = value;
    first.type = ast::integer_type(1, false);
    return register_value(convert(read(first).bits(), first.type, target), target);
  }
  if (in_register(target)) {
    // An array of the same size, as one number.
    value.type = ast::integer_type(target.size, target.is_signed);
    return register_value(read(value).bits(), target);
  }
  if (target.is(TypeKind::Array)) return array_cast(value, from, target);
  Value result;
  result.place = Place::Memory;
  result.type = target;
  result.address = allocate(target.size);
  if (value.place == Place::Register) {
    store(convert(value.bits(), from, ast::integer_type(8, from.is_signed)), result.address,
          target.size);
  } else {
    write(value, target, result.address, true);
    result.padded = target.is(TypeKind::String);
  }
  return result;
}

// The bytes of a number or of a string, seen as elements.
Value Lowering::array_cast(const Value& value, const ast::Type& from, const ast::Type& target) {
  Value result = reference(Place::Memory, nullptr, 0, target);
  result.address = allocate(std::max(target.size, 8U));
  if (value.place == Place::Register) {
    store(convert(value.bits(), from, ast::integer_type(8, from.is_signed)), result.address, 8);
  } else if (from.is(TypeKind::String)) {
    write(value, from, result.address, true);
  } else {
    copy(result.address, value, target.size);
  }
  if (!target.element->is(TypeKind::Bool)) return result;
  llvm::Value* start = opaque(pointer(result.address));
  repeat(constant(target.size), [&](llvm::Value* index) {
    Address byte{b_.CreateGEP(b_.getInt8Ty(), start, index), 0, false};
    llvm::Value* set = b_.CreateICmpNE(load(byte, 1), b_.getInt8(0));
    store(b_.CreateZExt(set, b_.getInt64Ty()), byte, 1);
  });
  return result;
}

}  // namespace gimlet::codegen
