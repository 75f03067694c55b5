// Time series: the interval that it is now, and what a number changes in it (probes-and-stdlib B7).
//
// Entries are used in turns: interval N has the place N modulo the number of intervals kept, and
// whoever comes first in a new interval starts the old entry afresh.
#include "codegen/lowering.h"

namespace gimlet::codegen {

using ast::SeriesFunction;
using ast::SeriesSlot;

llvm::Value* Lowering::clock_map() {
  int32_t map = module_.program().clock_map;
  if (map < 0) return nullptr;
  auto number = static_cast<uint32_t>(map);
  const ast::Type& type = module_.map_plan(number).value;
  return read(reference(Place::Memory, map_pointer(number), 0, type)).bits();
}

llvm::Value* Lowering::tai_clock() {
  if (llvm::Value* number = clock_map()) return number;
  Address offset{module_.control(), offsetof(image::Control, tai_ns), false};
  return b_.CreateAdd(call(Helper::KtimeGetBootNs, {}), load(offset, 8, true));
}

void Lowering::update_interval(const ast::Type& series, const Address& slot, llvm::Value* interval,
                               llvm::Value* now, llvm::Value* number) {
  Address value = slot.at(offsetof(SeriesSlot, value));
  Address extra = slot.at(offsetof(SeriesSlot, extra));
  Address stored = slot.at(offsetof(SeriesSlot, interval));
  llvm::Value* fresh = b_.CreateICmpNE(load(stored, 8), interval);
  auto add = [&](llvm::Value* more, const Address& word) {
    llvm::Value* sum = b_.CreateAdd(load(word, 8), more);
    store(b_.CreateSelect(fresh, more, sum), word, 8);
  };
  auto extreme = [&](llvm::CmpInst::Predicate better) {
    llvm::Value* old = load(value, 8);
    llvm::Value* taken = b_.CreateOr(fresh, b_.CreateICmp(better, number, old));
    store(b_.CreateSelect(taken, number, old), value, 8);
  };
  using P = llvm::CmpInst;
  switch (series.series.function) {
    case SeriesFunction::Latest:
      store(number, value, 8);
      store(now, extra, 8);
      break;
    case SeriesFunction::Avg:
      add(number, value);
      add(constant(1), extra);
      break;
    case SeriesFunction::Sum: add(number, value); break;
    case SeriesFunction::Max: extreme(series.is_signed ? P::ICMP_SGT : P::ICMP_UGT); break;
    case SeriesFunction::Min: extreme(series.is_signed ? P::ICMP_SLT : P::ICMP_ULT); break;
  }
  store(interval, stored, 8);
}

// Another program may have been interrupted in the middle of a slot. Only if that happened in all
// of them is the number given up, and counted as a program that was skipped.
void Lowering::update_free_interval(const Address& slots,
                                    const std::function<void(const Address&)>& update) {
  auto exchange_busy = [&](const Address& slot, uint64_t busy) {
    return b_.CreateAtomicRMW(llvm::AtomicRMWInst::Xchg,
                              pointer(slot.at(offsetof(SeriesSlot, busy))), constant(busy),
                              llvm::Align(8), llvm::AtomicOrdering::SequentiallyConsistent);
  };
  llvm::BasicBlock* taken = block("taken");
  llvm::BasicBlock* after = block("after");
  llvm::SmallVector<std::pair<llvm::Value*, llvm::BasicBlock*>, ast::kOverlappingSeriesSlots> found;
  for (uint32_t i = 0; i < ast::kOverlappingSeriesSlots; i++) {
    Address slot = slots.at(i * static_cast<uint32_t>(sizeof(SeriesSlot)));
    llvm::Value* start = pointer(slot);
    llvm::Value* was_busy = exchange_busy(slot, 1);
    llvm::BasicBlock* next = block("next");
    found.emplace_back(start, b_.GetInsertBlock());
    b_.CreateCondBr(b_.CreateICmpEQ(was_busy, constant(0)), taken, next);
    b_.SetInsertPoint(next);
  }
  llvm::Value* skipped = b_.CreateGEP(b_.getInt8Ty(), area_here(), module_.skipped_offset());
  b_.CreateAtomicRMW(llvm::AtomicRMWInst::Add, skipped, constant(1), llvm::Align(8),
                     llvm::AtomicOrdering::Monotonic);
  b_.CreateBr(after);
  b_.SetInsertPoint(taken);
  llvm::PHINode* slot = b_.CreatePHI(b_.getPtrTy(), ast::kOverlappingSeriesSlots);
  for (auto [start, from] : found) slot->addIncoming(start, from);
  update({slot, 0, false});
  exchange_busy({slot, 0, false}, 0);
  b_.CreateBr(after);
  b_.SetInsertPoint(after);
}

void Lowering::update_series(const ast::MapAccess& access, uint32_t map, llvm::Value* number) {
  const ast::MapPlan& plan = module_.map_plan(map);
  const ast::TimeSeriesShape& shape = plan.value.series;
  Address key = build_key(plan, access.keys);
  llvm::Value* now = tai_clock();
  llvm::Value* elapsed = b_.CreateUDiv(now, constant(shape.interval));
  llvm::Value* place = b_.CreateURem(elapsed, constant(shape.count));
  store(place, key.at(ast::bucket_offset(plan)), 8);
  llvm::Value* interval = b_.CreateAdd(elapsed, constant(1));
  llvm::Value* entry = find_or_insert(map, key);
  auto update = [&](const Address& slot) {
    update_interval(plan.value, slot, interval, now, number);
  };
  when(b_.CreateIsNotNull(entry), [&] {
    Address slots{entry, 0, false};
    if (plan.atomic) {
      update_free_interval(slots, update);
    } else {
      update(slots);
    }
  });
}

}  // namespace gimlet::codegen
