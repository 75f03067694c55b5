// Reading an aggregation inside a program: the slots of all CPUs are combined (language §12.2).
#include "codegen/lowering.h"

namespace gimlet::codegen {

using ast::MapStorage;
using ast::TypeKind;

namespace {

// A slot of the largest aggregation that programs read: a value and a count.
constexpr uint32_t kAggregateSlot = 16;

}  // namespace

// Adds one CPU's slot to the running total, which has the layout of a slot.
void Lowering::combine(const ast::Type& aggregate, const Address& slot, const Address& total) {
  auto add_word = [&](uint32_t offset) {
    store(b_.CreateAdd(load(total.at(offset), 8), load(slot.at(offset), 8)), total.at(offset), 8);
  };
  switch (aggregate.kind) {
    case TypeKind::Count:
    case TypeKind::Sum: return add_word(0);
    case TypeKind::Avg:
    case TypeKind::Stats: add_word(0); return add_word(8);
    default: break;
  }
  using P = llvm::CmpInst;
  P::Predicate less = aggregate.is_signed ? P::ICMP_SLT : P::ICMP_ULT;
  llvm::Value* present = load(slot.at(8), 8);
  when(b_.CreateICmpNE(present, constant(0)), [&] {
    llvm::Value* value = load(slot, 8);
    llvm::Value* best = load(total, 8);
    bool is_min = aggregate.is(TypeKind::Min);
    llvm::Value* better =
        is_min ? b_.CreateICmp(less, value, best) : b_.CreateICmp(less, best, value);
    llvm::Value* first = b_.CreateICmpEQ(load(total.at(8), 8), constant(0));
    when(b_.CreateOr(first, better), [&] { store(value, total, 8); });
    store(constant(1), total.at(8), 8);
  });
}

llvm::Value* Lowering::combined_value(const ast::Type& aggregate, const Address& total) {
  llvm::Value* value = load(total, 8);
  if (!aggregate.is(TypeKind::Avg)) return value;
  llvm::Value* count = load(total.at(8), 8);
  // Without any value the average is 0; a division by at least 1 gives it without a branch.
  llvm::Value* none = b_.CreateZExt(b_.CreateICmpEQ(count, constant(0)), b_.getInt64Ty());
  count = b_.CreateAdd(count, none);
  if (!aggregate.is_signed) return b_.CreateUDiv(value, count);
  llvm::Value* sign = b_.CreateAShr(value, 63);
  llvm::Value* magnitude = b_.CreateSub(b_.CreateXor(value, sign), sign);
  llvm::Value* result = b_.CreateUDiv(magnitude, count);
  return b_.CreateSub(b_.CreateXor(result, sign), sign);
}

Address Lowering::combined_slots(uint32_t map, const ast::MapAccess& access) {
  const ast::MapPlan& plan = module_.map_plan(map);
  if (plan.storage != MapStorage::PerCpuScalar) {
    return combined_slots(map, build_key(plan, access.keys));
  }
  Address total = allocate(kAggregateSlot);
  zero(total, kAggregateSlot);
  repeat(cpu_count(), [&](llvm::Value* number) {
    combine(plan.value, {percpu_slot(map, number), 0, false}, total);
  });
  return total;
}

Address Lowering::combined_slots(uint32_t map, const Address& key) {
  const ast::MapPlan& plan = module_.map_plan(map);
  Address total = allocate(kAggregateSlot);
  zero(total, kAggregateSlot);
  repeat(cpu_count(), [&](llvm::Value* number) {
    llvm::Value* slot = call(Helper::MapLookupPerCpu, {map_pointer(map), pointer(key), number});
    when(b_.CreateIsNotNull(slot), [&] { combine(plan.value, {slot, 0, false}, total); });
  });
  return total;
}

llvm::Value* Lowering::read_aggregate(uint32_t map, const ast::MapAccess& access) {
  return combined_value(module_.map_plan(map).value, combined_slots(map, access));
}

llvm::Value* Lowering::read_aggregate(uint32_t map, const Address& key) {
  return combined_value(module_.map_plan(map).value, combined_slots(map, key));
}

}  // namespace gimlet::codegen
