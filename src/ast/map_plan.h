// How a map of the program is stored in the kernel. Shared by sema (which decides), codegen (which
// writes entries) and the runtime (which creates maps and reads entries).
//
// Storage
//   Scalar       `@x = 1` with a value of at most 8 bytes: a memory-mapped array with one
//   ScalarSlot. PerCpuScalar `@x = count()`: a memory-mapped array with one slot for each CPU, so
//   that an update
//                is one load, add, store. CPU n's slot starts at n * slot_stride.
//   Hash         BPF hash, key bytes -> value bytes. Scalars larger than 8 bytes use a 4-byte zero
//   key. PerCpuHash   BPF per-CPU hash, key bytes -> one value slot for each CPU.
//
// Value slot of an aggregation (little structs of uint64, native order)
//   Count {n}   Sum {total, present}   Min, Max {value, present}   Avg, Stats {total, n}
//   Hist, LHist: PerCpuScalar {n[buckets]}; in a PerCpuHash the bucket index is a uint64 that
//   follows the user's key (at the next multiple of 8), and the value is {n}.
//   TSeries: always a PerCpuHash with the number of the interval modulo the number of intervals
//   kept in the place of the bucket index (a scalar map's key is that alone), and the value is a
//   SeriesSlot, or several of them if `atomic`.
#pragma once

#include <cstdint>
#include <string>

#include "ast/type.h"

namespace gimlet::ast {

enum class MapStorage : uint8_t { Scalar, PerCpuScalar, Hash, PerCpuHash };

// Storage::Scalar
struct ScalarSlot {
  uint64_t value;    // the low bytes hold the value
  uint64_t present;  // 0 until first written and after clear()
};

// One interval of a time series on one CPU. Three words cannot change at once: where updates may
// overlap, whoever finds a slot busy takes the next one, and user space combines them all.
struct SeriesSlot {
  uint64_t value;     // latest, lowest, highest or total
  uint64_t extra;     // Latest: the time of the value; Avg: how many are in the total
  uint64_t interval;  // number of the interval since the epoch, plus 1; 0 = nothing here
  uint64_t busy;
};
constexpr uint32_t kOverlappingSeriesSlots = 4;

struct MapPlan {
  std::string name;         // "@x"
  std::string kernel_name;  // "AT_x", at most 15 bytes
  Type key;                 // kind None: no key (scalar map)
  Type value;
  MapStorage storage = MapStorage::Hash;
  uint32_t key_size = 0;     // bytes of the BPF map's key, bucket index included
  uint32_t value_size = 0;   // bytes of the value (of one slot for per-CPU storage)
  uint32_t slot_stride = 0;  // PerCpuScalar: bytes between the slots of two CPUs (64 at least)
  uint32_t max_entries = 1;
  bool lru = false;  // hashes: a full map drops the entry that was not used for longest
  // Set when programs that may interrupt each other on one CPU update this map, so that updates of
  // per-CPU slots must be atomic instructions to stay exact.
  bool atomic = false;

  bool is_keyed() const { return key.known(); }
  bool is_histogram() const { return value.is(TypeKind::Hist) || value.is(TypeKind::LHist); }
  bool is_series() const { return value.is(TypeKind::TSeries); }
  // A key has several entries: the key in the kernel ends with a bucket index.
  bool has_buckets() const { return is_series() || (is_keyed() && is_histogram()); }
};

// The kernel's type of map (enum bpf_map_type) for the storages Hash and PerCpuHash.
uint32_t kernel_map_type(const MapPlan& map);
// Number of buckets of a Hist or LHist type, of intervals of a TSeries.
uint32_t bucket_count(const Type& type);
// Bytes of one value slot of an aggregation, as described above (PerCpuScalar for histograms).
uint32_t aggregate_slot_size(const Type& aggregate);
// Offset of the bucket index in a key, if the map has buckets.
uint32_t bucket_offset(const MapPlan& map);

}  // namespace gimlet::ast
