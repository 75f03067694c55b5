// Updates of aggregations (language §12, probes-and-stdlib B7): every CPU has a slot of its own, so
// that a plain load, add, store loses nothing, unless programs can interrupt each other in the
// middle of it (MapPlan::atomic). Slots are laid out as ast/map_plan.h says.
#include "ast/promote.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {

using ast::MapStorage;
using ast::TypeKind;

namespace {

// How often an interrupted exchange is tried again. Each try can only fail because another program
// ran in between on this CPU.
constexpr int kExchangeTries = 4;

}  // namespace

llvm::Value* Lowering::percpu_slot(uint32_t map, llvm::Value* cpu_number) {
  // The count of CPUs is not known as a bound of an index, the mask is.
  llvm::Value* offset = b_.CreateMul(cpu_number, constant(module_.map_plan(map).slot_stride));
  return b_.CreateGEP(b_.getInt8Ty(), map_pointer(map), offset);
}

llvm::Value* Lowering::find_or_insert(uint32_t map, const Address& key) {
  const ast::MapPlan& plan = module_.map_plan(map);
  llvm::Value* first = find_entry(map, key);
  llvm::BasicBlock* found_first = b_.GetInsertBlock();
  llvm::BasicBlock* insert = block("insert");
  llvm::BasicBlock* found = block("found");
  b_.CreateCondBr(b_.CreateIsNull(first), insert, found);
  b_.SetInsertPoint(insert);
  Address empty = allocate(plan.value_size);
  zero(empty, plan.value_size);
  update_entry(map, key, empty, kUpdateNoExist);
  llvm::Value* second = find_entry(map, key);
  llvm::BasicBlock* found_second = b_.GetInsertBlock();
  b_.CreateBr(found);
  b_.SetInsertPoint(found);
  llvm::PHINode* entry = b_.CreatePHI(b_.getPtrTy(), 2);
  entry->addIncoming(first, found_first);
  entry->addIncoming(second, found_second);
  return entry;
}

void Lowering::add_to(const Address& word, llvm::Value* number, bool atomic) {
  if (atomic) {
    b_.CreateAtomicRMW(llvm::AtomicRMWInst::Add, pointer(word), number, llvm::Align(8),
                       llvm::AtomicOrdering::Monotonic);
  } else {
    store(b_.CreateAdd(load(word, 8), number), word, 8);
  }
}

void Lowering::update_extreme(const ast::MapPlan& plan, const Address& slot, llvm::Value* number) {
  bool is_min = plan.value.is(TypeKind::Min);
  auto better = [&](llvm::Value* old) {
    using P = llvm::CmpInst;
    P::Predicate less = plan.value.is_signed ? P::ICMP_SLT : P::ICMP_ULT;
    return is_min ? b_.CreateICmp(less, number, old) : b_.CreateICmp(less, old, number);
  };
  auto replaces = [&](llvm::Value* old) {
    llvm::Value* present = load(slot.at(8), 8);
    return b_.CreateOr(b_.CreateICmpEQ(present, constant(0)), better(old));
  };
  if (!plan.atomic) {
    when(replaces(load(slot, 8)), [&] {
      store(number, slot, 8);
      store(constant(1), slot.at(8), 8);
    });
    return;
  }
  llvm::BasicBlock* settled = block("settled");
  llvm::BasicBlock* finished = block("finished");
  for (int i = 0; i < kExchangeTries; i++) {
    llvm::Value* old = load(slot, 8, true);
    llvm::BasicBlock* attempt = block("attempt");
    b_.CreateCondBr(replaces(old), attempt, finished);
    b_.SetInsertPoint(attempt);
    llvm::Value* exchanged = b_.CreateAtomicCmpXchg(pointer(slot), old, number, llvm::Align(8),
                                                    llvm::AtomicOrdering::SequentiallyConsistent,
                                                    llvm::AtomicOrdering::SequentiallyConsistent);
    llvm::BasicBlock* again = block("again");
    b_.CreateCondBr(b_.CreateExtractValue(exchanged, 1), settled, again);
    b_.SetInsertPoint(again);
  }
  b_.CreateBr(finished);
  b_.SetInsertPoint(settled);
  store(constant(1), slot.at(8), 8);
  b_.CreateBr(finished);
  b_.SetInsertPoint(finished);
}

void Lowering::update_slot(const ast::MapPlan& plan, const Address& slot, llvm::Value* number) {
  switch (plan.value.kind) {
    case TypeKind::Count: return add_to(slot, constant(1), plan.atomic);
    case TypeKind::Sum: add_to(slot, number, plan.atomic); return store(constant(1), slot.at(8), 8);
    case TypeKind::Min:
    case TypeKind::Max: return update_extreme(plan, slot, number);
    case TypeKind::Avg:
    case TypeKind::Stats:
      add_to(slot, number, plan.atomic);
      return add_to(slot.at(8), constant(1), plan.atomic);
    default: break;
  }
  fail(location_, "internal error: no aggregation " + ast::type_name(plan.value));
}

void Lowering::update_aggregate(const ast::MapAccess& access, uint32_t map,
                                const ast::Expr& value) {
  const ast::MapPlan& plan = module_.map_plan(map);
  if (const ast::Block* block = block_of(value)) {
    // The call is the last thing of a block.
    for (const ast::StmtPtr& statement : block->statements) lower_statement(*statement);
    return update_aggregate(access, map, *block->value);
  }
  auto* call_node = std::get_if<ast::Call>(&value.node);
  if (!call_node) return fail(value.range, "internal error: an aggregation that is not a call");
  llvm::Value* number = constant(1);
  if (!call_node->arguments.empty()) number = lower_number(*call_node->arguments[0]);
  if (plan.is_histogram()) return update_histogram(access, map, number);
  if (plan.is_series()) return update_series(access, map, number);
  if (plan.storage == MapStorage::PerCpuScalar) {
    return update_slot(plan, {percpu_slot(map, cpu()), 0, false}, number);
  }
  llvm::Value* entry = find_or_insert(map, build_key(plan, access.keys));
  when(b_.CreateIsNotNull(entry), [&] { update_slot(plan, {entry, 0, false}, number); });
}

}  // namespace gimlet::codegen
