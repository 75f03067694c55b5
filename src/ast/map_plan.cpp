#include "ast/map_plan.h"

namespace gimlet::ast {

uint32_t kernel_map_type(const MapPlan& map) {
  bool per_cpu = map.storage == MapStorage::PerCpuHash;
  constexpr uint32_t kHash = 1, kPerCpuHash = 5, kLruHash = 9, kLruPerCpuHash = 10;
  if (map.lru) return per_cpu ? kLruPerCpuHash : kLruHash;
  return per_cpu ? kPerCpuHash : kHash;
}

uint32_t bucket_count(const Type& t) {
  if (t.is(TypeKind::TSeries)) return t.series.count;
  const HistogramShape& shape = t.histogram;
  if (t.is(TypeKind::LHist)) return static_cast<uint32_t>((shape.max - shape.min) / shape.step) + 2;
  // Bucket 0 holds negative values; the highest index belongs to 2^63 - 1.
  return ((63 - shape.bits) << shape.bits) + (1U << shape.bits) + 1;
}

uint32_t aggregate_slot_size(const Type& t) {
  switch (t.kind) {
    case TypeKind::Count: return 8;
    case TypeKind::Hist:
    case TypeKind::LHist: return 8 * bucket_count(t);
    case TypeKind::TSeries: return sizeof(SeriesSlot);
    default: return 16;
  }
}

uint32_t bucket_offset(const MapPlan& map) { return (map.key.size + 7) / 8 * 8; }

}  // namespace gimlet::ast
