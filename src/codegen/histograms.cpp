// Histograms: which bucket a number falls into (probes-and-stdlib B7), and counting it there.
#include <bit>

#include "codegen/lowering.h"

namespace gimlet::codegen {

using ast::MapStorage;
using ast::TypeKind;

// The position of the highest set bit, without branches: each round finds out whether the upper
// half of what is left holds anything, by the sign that its negation then has.
llvm::Value* Lowering::log2_of(llvm::Value* number) {
  llvm::Value* rest = number;
  llvm::Value* position = constant(0);
  for (uint64_t half : {32, 16, 8, 4, 2, 1}) {
    llvm::Value* upper = b_.CreateLShr(rest, half);
    // Hidden, lest LLVM sees the comparison behind it and makes a branch of it.
    llvm::Value* sign = b_.CreateLShr(opaque(b_.CreateNeg(upper)), 63);
    llvm::Value* shift = b_.CreateShl(sign, static_cast<uint64_t>(std::countr_zero(half)));
    rest = b_.CreateLShr(rest, shift);
    position = b_.CreateOr(position, shift);
  }
  return position;
}

llvm::Value* Lowering::histogram_bucket(const ast::Type& histogram, llvm::Value* number) {
  const ast::HistogramShape& shape = histogram.histogram;
  if (histogram.is(TypeKind::LHist)) {
    auto in_range = [&]() -> llvm::Value* {
      llvm::Value* above = b_.CreateICmpSGT(number, constant(shape.max));
      llvm::Value* capped = b_.CreateSelect(above, constant(shape.max), number);
      llvm::Value* steps =
          b_.CreateUDiv(b_.CreateSub(capped, constant(shape.min)), constant(shape.step));
      return b_.CreateAdd(steps, constant(1));
    };
    return choose(
        b_.CreateICmpSLT(number, constant(shape.min)), [&] { return constant(0); }, in_range);
  }
  uint64_t k = shape.bits;
  auto small = [&]() -> llvm::Value* { return b_.CreateAdd(number, constant(1)); };
  auto large = [&]() -> llvm::Value* {
    llvm::Value* highest = log2_of(number);
    if (k == 0) return b_.CreateAdd(highest, constant(2));
    llvm::Value* shift = b_.CreateSub(highest, constant(k));
    llvm::Value* group = b_.CreateShl(b_.CreateAdd(shift, constant(1)), k);
    llvm::Value* part = b_.CreateAnd(b_.CreateLShr(number, b_.CreateAnd(shift, constant(63))),
                                     constant((1ULL << k) - 1));
    return b_.CreateAdd(b_.CreateAdd(group, part), constant(1));
  };
  auto positive = [&] {
    return choose(b_.CreateICmpULT(number, constant(1ULL << k)), small, large);
  };
  return choose(
      b_.CreateICmpSLT(number, constant(0)), [&]() -> llvm::Value* { return constant(0); },
      positive);
}

void Lowering::update_histogram(const ast::MapAccess& access, uint32_t map, llvm::Value* number) {
  const ast::MapPlan& plan = module_.map_plan(map);
  llvm::Value* bucket = histogram_bucket(plan.value, number);
  if (plan.storage == MapStorage::PerCpuScalar) {
    // Never above the limit; the verifier cannot know.
    bucket = clamp(bucket, ast::bucket_count(plan.value) - 1);
    llvm::Value* slot = percpu_slot(map, cpu());
    llvm::Value* counter = b_.CreateGEP(b_.getInt8Ty(), slot, b_.CreateShl(bucket, 3));
    return add_to({counter, 0, false}, constant(1), plan.atomic);
  }
  Address key = build_key(plan, access.keys);
  store(bucket, key.at(ast::bucket_offset(plan)), 8);
  llvm::Value* entry = find_or_insert(map, key);
  when(b_.CreateIsNotNull(entry), [&] { add_to({entry, 0, false}, constant(1), plan.atomic); });
}

}  // namespace gimlet::codegen
