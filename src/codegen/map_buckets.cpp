// Questions to maps in which a key has several entries, one for each bucket of a histogram or
// interval of a time series: has_key(), delete() and len() (language §11.2).
//
// The entries of a key are visited in loops that the kernel runs, so that their number does not
// count for the verifier. What a round needs lies behind the captures in the loop's context.
#include "ast/promote.h"
#include "ast/walk.h"
#include "codegen/lowering.h"

namespace gimlet::codegen {
namespace {

constexpr uint32_t kPlace = 8;    // in a loop's context: a pointer to the key, or to the slot
constexpr uint32_t kResult = 16;  // and what the rounds find out
constexpr uint32_t kBucket = 24;  // and the bucket that a search starts from

}  // namespace

// How many loops inside each other this file makes for the probe.
uint32_t Lowering::bucket_loops() const {
  uint32_t deepest = 0;
  ast::for_each_expression(*probe_.source, [&](const ast::Expr& expr) {
    auto* call = std::get_if<ast::Call>(&expr.node);
    if (!call || call->arguments.empty()) return;
    bool counts = call->name == "len";
    if (!counts && call->name != "has_key" && call->name != "delete") return;
    const ast::ExprInfo* known = probe_.expressions.find(call->arguments[0]->id);
    auto* use = known ? std::get_if<ast::MapUse>(&known->use) : nullptr;
    if (!use) return;
    const ast::MapPlan& plan = module_.map_plan(use->map);
    if (plan.has_buckets() || plan.is_histogram()) deepest = std::max(deepest, counts ? 2U : 1U);
  });
  return deepest;
}

llvm::Value* Lowering::any_bucket(const ast::MapPlan& plan, const Address& key,
                                  const std::function<llvm::Value*(const Address&)>& holds) {
  Address loop = loop_context({pointer(key), constant(0)});
  Callback round{location_, {"index", "loop"}, 1, {}};
  round.code = [&](llvm::Function* function) {
    Address own{function->getArg(1), 0, true};
    Address entry{b_.CreateLoad(b_.getPtrTy(), pointer(own.at(kPlace))), 0, false};
    store(function->getArg(0), entry.at(ast::bucket_offset(plan)), 8);
    llvm::Value* any = b_.CreateOr(load(own.at(kResult), 8), holds(entry));
    store(any, own.at(kResult), 8);
  };
  llvm::Function* function = lower_callback(round);
  call(Helper::Loop,
       {constant(ast::bucket_count(plan.value)), function, pointer(loop), constant(0)});
  return opaque(load(loop.at(kResult), 8));
}

// An entry counts if none of its key has a lower bucket. The next lower ones are tried first, since
// the buckets in use mostly lie side by side.
llvm::Value* Lowering::count_keys(uint32_t map) {
  const ast::MapPlan& plan = module_.map_plan(map);
  uint32_t bucket_offset = ast::bucket_offset(plan);
  Address loop = loop_context({constant(0), constant(0)});
  auto lower_one = [&](llvm::Function* function) {
    Address own{function->getArg(1), 0, true};
    Address key{b_.CreateLoad(b_.getPtrTy(), pointer(own.at(kPlace))), 0, false};
    llvm::Value* below = b_.CreateSub(load(own.at(kBucket), 8), constant(1));
    store(b_.CreateSub(below, function->getArg(0)), key.at(bucket_offset), 8);
    llvm::BasicBlock* missing = block("missing");
    llvm::BasicBlock* found = block("found");
    b_.CreateCondBr(b_.CreateIsNull(find_entry(map, key)), missing, found);
    b_.SetInsertPoint(found);
    store(constant(0), own.at(kResult), 8);
    b_.CreateBr(frame_.exit);
    b_.SetInsertPoint(missing);
  };
  auto entry = [&](llvm::Function* function) {
    TemporaryMark mark = mark_temporaries();
    Address own{function->getArg(3), 0, true};
    Address key = allocate(plan.key_size);
    Value visited = reference(Place::Memory, function->getArg(1), 0, plan.key);
    copy(key, visited, plan.key_size);
    llvm::Value* bucket = load(key.at(bucket_offset), 8);
    Address search = loop_context({pointer(key), constant(1), bucket});
    Callback round{location_, {"index", "loop"}, 1, lower_one};
    llvm::Function* lower = lower_callback(round);
    call(Helper::Loop, {bucket, lower, pointer(search), constant(0)});
    llvm::Value* first = load(search.at(kResult), 8);
    llvm::Value* counted = b_.CreateAdd(load(own.at(kResult), 8), first);
    store(forget(counted), own.at(kResult), 8);
    release_temporaries(mark);
  };
  Callback visit{location_, {"map", "key", "value", "loop"}, 3, entry};
  llvm::Function* function = lower_callback(visit);
  call(Helper::ForEachMapElement, {map_pointer(map), function, pointer(loop), constant(0)});
  return opaque(load(loop.at(kResult), 8));
}

// A histogram without keys: the buckets of every CPU become 0, and the answer is whether any was
// not.
llvm::Value* Lowering::delete_histogram(uint32_t map) {
  uint32_t count = ast::bucket_count(module_.map_plan(map).value);
  Callback round{location_, {"index", "loop"}, 1, {}};
  round.code = [&](llvm::Function* function) {
    Address own{function->getArg(1), 0, true};
    llvm::Value* slot = b_.CreateLoad(b_.getPtrTy(), pointer(own.at(kPlace)));
    llvm::Value* bucket = clamp(function->getArg(0), count - 1);
    Address word{b_.CreateGEP(b_.getInt8Ty(), slot, b_.CreateShl(bucket, 3)), 0, false};
    store(b_.CreateOr(load(own.at(kResult), 8), load(word, 8)), own.at(kResult), 8);
    store(constant(0), word, 8);
  };
  llvm::Function* function = lower_callback(round);
  Address any = allocate(8);
  store(constant(0), any, 8);
  repeat(cpu_count(), [&](llvm::Value* number) {
    Address loop = loop_context({percpu_slot(map, number), load(any, 8)});
    call(Helper::Loop, {constant(count), function, pointer(loop), constant(0)});
    store(forget(load(loop.at(kResult), 8)), any, 8);
  });
  return b_.CreateZExt(b_.CreateICmpNE(load(any, 8), constant(0)), b_.getInt64Ty());
}

}  // namespace gimlet::codegen
