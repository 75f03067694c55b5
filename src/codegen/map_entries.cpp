// Entries of maps: keys, reads, stores, deletes (language §11). Aggregations have files of their
// own.
#include "ast/promote.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {

using ast::MapStorage;
using ast::TypeKind;

namespace {

constexpr int64_t kExists = -17;  // -EEXIST

}  // namespace

Address Lowering::scalar_key() {
  Address key = allocate(4);
  store(constant(0), key, 4);
  return key;
}

Address Lowering::build_key(const ast::MapPlan& plan, const ast::Expr& key) {
  Address to = allocate(plan.key_size);
  uint32_t used = plan.key.size;
  lower_into(key, plan.key, to, true);
  if (plan.has_buckets() && ast::bucket_offset(plan) > used) {
    zero(to.at(used), ast::bucket_offset(plan) - used);
  }
  return to;
}

Address Lowering::build_key(const ast::MapPlan& plan, std::span<const ast::ExprPtr> keys) {
  if (keys.empty()) return plan.has_buckets() ? allocate(plan.key_size) : scalar_key();
  if (keys.size() == 1) return build_key(plan, *keys[0]);
  Address to = allocate(plan.key_size);
  uint32_t held = 0;
  for (const ast::TupleField& field : *plan.key.fields) held += field.type->size;
  uint32_t whole = plan.has_buckets() ? ast::bucket_offset(plan) : plan.key.size;
  if (held != whole) zero(to, whole);
  for (size_t i = 0; i < keys.size(); i++) {
    const ast::TupleField& field = (*plan.key.fields)[i];
    lower_into(*keys[i], *field.type, to.at(field.offset), true);
  }
  return to;
}

llvm::Value* Lowering::map_pointer(uint32_t map) { return module_.map(map); }

llvm::Value* Lowering::find_entry(uint32_t map, const Address& key) {
  return call(Helper::MapLookup, {map_pointer(map), pointer(key)});
}

void Lowering::update_entry(uint32_t map, const Address& key, const Address& value,
                            uint64_t flags) {
  llvm::Value* result =
      call(Helper::MapUpdate, {map_pointer(map), pointer(key), pointer(value), constant(flags)});
  llvm::Value* failed = b_.CreateICmpSLT(result, constant(0));
  if (flags == kUpdateNoExist) {
    // Someone else inserted the entry meanwhile: just as well.
    llvm::Value* real = b_.CreateICmpNE(result, constant(static_cast<uint64_t>(kExists)));
    failed = b_.CreateAnd(failed, real);
  }
  when(
      failed, [&] { helper_error("map_update_elem", result, static_cast<int32_t>(map)); }, true);
}

void Lowering::read_map_into(const ast::Expr& expr, const ast::MapAccess& access,
                             const ast::Type& target, const Address& to, bool padded) {
  uint32_t map = std::get<ast::MapUse>(info(expr).use).map;
  const ast::MapPlan& plan = module_.map_plan(map);
  if (plan.value.is(TypeKind::Stats)) {
    Address total = combined_slots(map, access);
    for (uint32_t word = 0; word < target.size; word += 8) {
      store(load(total.at(word), 8), to.at(word), 8);
    }
    return;
  }
  Address key = build_key(plan, access.keys);
  llvm::Value* entry = find_entry(map, key);
  choose(
      b_.CreateIsNotNull(entry),
      [&] {
        Value stored = reference(Place::Memory, entry, 0, plan.value);
        stored.padded = true;
        write(stored, target, to, padded);
        return constant(0);
      },
      [&] {
        zero(to, target.size);
        if (config().report_failed_reads)
          helper_error("map_lookup_elem", constant(0), static_cast<int32_t>(map));
        return constant(0);
      });
}

Value Lowering::read_map(const ast::Expr& expr, const ast::MapAccess& access) {
  uint32_t map = std::get<ast::MapUse>(info(expr).use).map;
  const ast::MapPlan& plan = module_.map_plan(map);
  const ast::Type& result = type(expr);
  if (ast::is_aggregate(plan.value)) {
    if (!ast::is_castable_aggregate(plan.value)) {
      fail(expr.range, "a value of type " + ast::type_name(plan.value) + " cannot be read");
      return register_value(constant(0), result);
    }
    return register_value(read_aggregate(map, access), result);
  }
  if (plan.storage == MapStorage::Scalar) {
    Value stored = reference(Place::Memory, map_pointer(map), 0, plan.value);
    return register_value(convert(read(stored).bits(), plan.value, result), result);
  }
  if (!in_register(plan.value)) {
    Value value = reference(Place::Memory, nullptr, 0, plan.value);
    value.address = allocate(plan.value.size);
    value.padded = true;
    read_map_into(expr, access, plan.value, value.address, true);
    return value;
  }
  Address key = build_key(plan, access.keys);
  llvm::Value* entry = find_entry(map, key);
  llvm::Value* bits = choose(
      b_.CreateIsNotNull(entry),
      [&] { return read(reference(Place::Memory, entry, 0, plan.value)).bits(); },
      [&]() -> llvm::Value* {
        if (config().report_failed_reads)
          helper_error("map_lookup_elem", constant(0), static_cast<int32_t>(map));
        return constant(0);
      });
  return register_value(convert(bits, plan.value, result), result);
}

void Lowering::store_map(const ast::MapAccess& access, uint32_t map, const ast::Expr& value) {
  const ast::MapPlan& plan = module_.map_plan(map);
  if (ast::is_aggregate(plan.value)) return update_aggregate(access, map, value);
  if (plan.storage == MapStorage::Scalar) {
    llvm::Value* bits = convert(lower_bits(value), type(value), plan.value);
    Address slot{map_pointer(map), 0, false};
    store(bits, slot.at(offsetof(ast::ScalarSlot, value)), 8);
    store(constant(1), slot.at(offsetof(ast::ScalarSlot, present)), 8);
    return;
  }
  Address stored = allocate(plan.value_size);
  lower_into(value, plan.value, stored, true);
  Address key = build_key(plan, access.keys);
  update_entry(map, key, stored, kUpdateAny);
}

std::pair<llvm::Value*, llvm::Value*> Lowering::modify_map(
    const ast::MapAccess& access, uint32_t map,
    const std::function<llvm::Value*(llvm::Value*)>& change) {
  const ast::MapPlan& plan = module_.map_plan(map);
  if (plan.storage == MapStorage::Scalar) {
    Address slot{map_pointer(map), 0, false};
    llvm::Value* old = read(reference(Place::Memory, slot.base, 0, plan.value)).bits();
    llvm::Value* changed = change(old);
    store(changed, slot.at(offsetof(ast::ScalarSlot, value)), 8);
    store(constant(1), slot.at(offsetof(ast::ScalarSlot, present)), 8);
    return {old, changed};
  }
  Address key = build_key(plan, access.keys);
  llvm::Value* entry = find_entry(map, key);
  Address olds = allocate(8);
  Address news = allocate(8);
  choose(
      b_.CreateIsNotNull(entry),
      [&] {
        llvm::Value* old = read(reference(Place::Memory, entry, 0, plan.value)).bits();
        llvm::Value* changed = change(old);
        store(changed, {entry, 0, false}, plan.value.size);
        store(old, olds, 8);
        store(changed, news, 8);
        return constant(0);
      },
      [&] {
        llvm::Value* changed = change(constant(0));
        store(constant(0), olds, 8);
        store(changed, news, 8);
        update_entry(map, key, news, kUpdateAny);
        return constant(0);
      });
  return {load(olds, 8), load(news, 8)};
}

llvm::Value* Lowering::has_entry(uint32_t map, const ast::Expr& key) {
  const ast::MapPlan& plan = module_.map_plan(map);
  Address at = build_key(plan, key);
  auto found = [&](const Address& any) {
    llvm::Value* entry = find_entry(map, any);
    // Opaque, or LLVM would compute with the pointers themselves, which the verifier does not
    // allow.
    return opaque(b_.CreateZExt(b_.CreateIsNotNull(entry), b_.getInt64Ty()));
  };
  return plan.has_buckets() ? any_bucket(plan, at, found) : found(at);
}

llvm::Value* Lowering::delete_entry(uint32_t map, std::span<const ast::ExprPtr> keys) {
  const ast::MapPlan& plan = module_.map_plan(map);
  auto deleted = [&](const Address& any) {
    llvm::Value* result = call(Helper::MapDelete, {map_pointer(map), pointer(any)});
    // 0 or a negative error. Without a branch: in a loop the verifier would follow both sides of
    // each round.
    return b_.CreateXor(b_.CreateLShr(opaque(result), 63), constant(1));
  };
  switch (plan.storage) {
    case MapStorage::Scalar: {
      Address slot{map_pointer(map), 0, false};
      llvm::Value* present = load(slot.at(offsetof(ast::ScalarSlot, present)), 8);
      zero(slot, sizeof(ast::ScalarSlot));
      return b_.CreateZExt(b_.CreateICmpNE(present, constant(0)), b_.getInt64Ty());
    }
    case MapStorage::PerCpuScalar: {
      if (plan.is_histogram()) return delete_histogram(map);
      Address any = allocate(8);
      store(constant(0), any, 8);
      repeat(cpu_count(), [&](llvm::Value* number) {
        Address slot{percpu_slot(map, number), 0, false};
        uint32_t size = ast::aggregate_slot_size(plan.value);
        llvm::Value* held = load(slot.at(size - 8), 8);
        store(b_.CreateOr(load(any, 8), held), any, 8);
        zero(slot, size);
      });
      return b_.CreateZExt(b_.CreateICmpNE(load(any, 8), constant(0)), b_.getInt64Ty());
    }
    case MapStorage::Hash:
    case MapStorage::PerCpuHash: break;
  }
  Address at = build_key(plan, keys);
  return plan.has_buckets() ? any_bucket(plan, at, deleted) : deleted(at);
}

}  // namespace gimlet::codegen
