#include "runtime/kernel_map.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace gimlet::runtime {
namespace {

using ast::MapStorage;
using base::Result;
using base::Status;

constexpr const char* kRightsHint =
    "Creating BPF maps needs CAP_BPF (and CAP_PERFMON for tracing): run as root.";

std::string map_error(const std::string& what, int error) {
  return error == EPERM ? std::string(kRightsHint)
         : what.empty() ? std::string()
                        : "The map may be too large: try a smaller max_map_keys.";
}

size_t page_round(size_t size) {
  auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

uint32_t round8(uint32_t size) { return (size + 7) / 8 * 8; }

bool is_array(MapStorage storage) {
  return storage == MapStorage::Scalar || storage == MapStorage::PerCpuScalar;
}

}  // namespace

Result<SharedArray> SharedArray::create(const std::string& kernel_name, uint32_t size) {
  LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
  base::UniqueFd fd(
      bpf_map_create(BPF_MAP_TYPE_ARRAY, kernel_name.c_str(), sizeof(uint32_t), size, 1, &options));
  if (!fd) {
    int error = errno;
    return base::system_error(error, fmt::format("Failed to create map: '{}'", kernel_name),
                              map_error("", error));
  }
  void* memory = mmap(nullptr, page_round(size), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (memory == MAP_FAILED) {
    return base::system_error(errno, fmt::format("Failed to map '{}' into memory", kernel_name));
  }
  return SharedArray(std::move(fd), static_cast<uint8_t*>(memory), size);
}

SharedArray::SharedArray(SharedArray&& other) noexcept
    : fd_(std::move(other.fd_)),
      memory_(std::exchange(other.memory_, nullptr)),
      size_(other.size_) {}

SharedArray::~SharedArray() {
  if (memory_) munmap(memory_, page_round(size_));
}

uint64_t SharedArray::load(size_t offset) const {
  if (offset + 8 > size_) return 0;
  return __atomic_load_n(reinterpret_cast<const uint64_t*>(memory_ + offset), __ATOMIC_RELAXED);
}

void SharedArray::store(size_t offset, uint64_t value) const {
  if (offset + 8 > size_) return;
  __atomic_store_n(reinterpret_cast<uint64_t*>(memory_ + offset), value, __ATOMIC_RELAXED);
}

void SharedArray::fill_zero() const {
  for (size_t offset = 0; offset + 8 <= size_; offset += 8) store(offset, 0);
}

Result<std::unique_ptr<KernelMap>> KernelMap::create(const ast::MapPlan& plan, uint32_t cpu_slots,
                                                     uint32_t cpus) {
  std::unique_ptr<KernelMap> map(new KernelMap(plan));
  map->cpu_slots_ = cpu_slots;
  map->cpus_ = cpus;
  if (is_array(plan.storage)) {
    bool per_cpu = plan.storage == MapStorage::PerCpuScalar;
    uint32_t size = per_cpu ? plan.slot_stride * cpu_slots : sizeof(ast::ScalarSlot);
    Result<SharedArray> array = SharedArray::create(plan.kernel_name, size);
    if (!array) return array.error();
    map->array_ = std::make_unique<SharedArray>(std::move(*array));
    return map;
  }
  auto type = static_cast<bpf_map_type>(ast::kernel_map_type(plan));
  map->hash_ = base::UniqueFd(bpf_map_create(type, plan.kernel_name.c_str(), plan.key_size,
                                             plan.value_size, plan.max_entries, nullptr));
  if (!map->hash_) {
    int error = errno;
    return base::system_error(
        error,
        fmt::format("Failed to create map: '{}' ({} entries of {} + {} bytes)", plan.name,
                    plan.max_entries, plan.key_size, plan.value_size),
        map_error(plan.name, error));
  }
  return map;
}

std::string KernelMap::conflict(const ast::MapPlan& other) const {
  if (!ast::same_type(plan_.key, other.key)) {
    return fmt::format("its key is {} here and {} in the earlier program",
                       ast::type_name(other.key), ast::type_name(plan_.key));
  }
  if (!ast::same_type(plan_.value, other.value)) {
    return fmt::format("its value is {} here and {} in the earlier program",
                       ast::type_name(other.value), ast::type_name(plan_.value));
  }
  bool same_layout = plan_.storage == other.storage && plan_.key_size == other.key_size &&
                     plan_.value_size == other.value_size && plan_.slot_stride == other.slot_stride;
  if (!same_layout) return "its entries are laid out differently in the earlier program";
  if (plan_.lru != other.lru) return "only one of them drops what was not used for longest";
  if (plan_.max_entries != other.max_entries) {
    return fmt::format("it has room for {} entries here and {} in the earlier program",
                       other.max_entries, plan_.max_entries);
  }
  return {};
}

RawEntries KernelMap::empty_entries() const {
  RawEntries entries;
  entries.key_size = plan_.key_size;
  bool per_cpu = plan_.storage == MapStorage::PerCpuHash;
  entries.slot_size = per_cpu ? round8(plan_.value_size) : plan_.value_size;
  entries.slots = per_cpu ? cpus_ : 1;
  return entries;
}

RawEntries KernelMap::read_array() const {
  RawEntries entries;
  entries.key_size = 0;
  std::vector<uint8_t> copy(array_->size());
  bool used = zeroed_;
  for (size_t offset = 0; offset + 8 <= copy.size(); offset += 8) {
    uint64_t word = array_->load(offset);
    std::memcpy(copy.data() + offset, &word, sizeof(word));
    used |= word != 0;
  }
  if (plan_.storage == MapStorage::PerCpuScalar) {
    entries.slot_size = plan_.slot_stride;
    entries.slots = cpu_slots_;
  } else {
    entries.slot_size = sizeof(uint64_t);
    used = array_->load(offsetof(ast::ScalarSlot, present)) != 0;
    copy.resize(sizeof(uint64_t));
  }
  if (!used) return entries;
  entries.count = 1;
  entries.values = std::move(copy);
  return entries;
}

Result<RawEntries> KernelMap::read() const {
  if (array_) return read_array();
  RawEntries entries = empty_entries();
  Status status = read_batches(entries);
  if (!status.ok() && (status.error().errnum == EINVAL || status.error().errnum == ENOTSUP ||
                       status.error().errnum == 524 /* the kernel's own ENOTSUPP */)) {
    entries = empty_entries();
    status = read_one_by_one(entries);
  }
  if (!status.ok()) return status.error();
  return entries;
}

Status KernelMap::read_batches(RawEntries& entries) const {
  size_t value_bytes = size_t{entries.slot_size} * entries.slots;
  uint32_t chunk = std::min<uint32_t>(plan_.max_entries, 4096);
  std::vector<uint8_t> batch(std::max<size_t>(entries.key_size, sizeof(uint64_t)));
  bool first = true;
  for (;;) {
    entries.keys.resize((entries.count + chunk) * entries.key_size);
    entries.values.resize((entries.count + chunk) * value_bytes);
    uint32_t got = chunk;
    int error =
        bpf_map_lookup_batch(fd(), first ? nullptr : batch.data(), batch.data(),
                             entries.keys.data() + entries.count * entries.key_size,
                             entries.values.data() + entries.count * value_bytes, &got, nullptr);
    if (error != 0 && errno == ENOSPC) {
      // One bucket of the hash holds more than a chunk; the position is unchanged.
      chunk *= 2;
      continue;
    }
    bool last = error != 0 && errno == ENOENT;
    if (error != 0 && !last) {
      return base::system_error(errno, fmt::format("Failed to read map {}", plan_.name));
    }
    entries.count += got;
    first = false;
    if (last) break;
  }
  entries.keys.resize(entries.count * entries.key_size);
  entries.values.resize(entries.count * value_bytes);
  return base::Done{};
}

Status KernelMap::read_one_by_one(RawEntries& entries) const {
  size_t value_bytes = size_t{entries.slot_size} * entries.slots;
  std::vector<uint8_t> key(entries.key_size);
  std::vector<uint8_t> value(value_bytes);
  const void* previous = nullptr;
  // Entries that are deleted meanwhile may send the walk back to its start; the limit ends it.
  size_t limit = size_t{plan_.max_entries} * 2;
  while (limit-- > 0 && bpf_map_get_next_key(fd(), previous, key.data()) == 0) {
    previous = key.data();
    if (bpf_map_lookup_elem(fd(), key.data(), value.data()) != 0) continue;
    entries.keys.insert(entries.keys.end(), key.begin(), key.end());
    entries.values.insert(entries.values.end(), value.begin(), value.end());
    entries.count++;
  }
  return base::Done{};
}

Result<RawEntries> KernelMap::read_one(std::span<const uint8_t> key) const {
  if (array_) return read_array();
  RawEntries entries = empty_entries();
  if (key.size() != entries.key_size) {
    return base::Error{fmt::format("Key of map {} has the wrong size", plan_.name), {}, 0, 1};
  }
  std::vector<uint8_t> value(size_t{entries.slot_size} * entries.slots);
  if (bpf_map_lookup_elem(fd(), key.data(), value.data()) != 0) {
    if (errno == ENOENT) return entries;
    return base::system_error(errno, fmt::format("Failed to read map {}", plan_.name));
  }
  entries.keys.assign(key.begin(), key.end());
  entries.values = std::move(value);
  entries.count = 1;
  return entries;
}

Status KernelMap::clear() {
  zeroed_ = false;
  if (array_) {
    array_->fill_zero();
    return base::Done{};
  }
  Result<RawEntries> entries = read();
  if (!entries) return entries.error();
  for (size_t i = 0; i < entries->count; i++) {
    if (bpf_map_delete_elem(fd(), entries->key(i).data()) != 0 && errno != ENOENT) {
      return base::system_error(errno, fmt::format("Failed to clear map {}", plan_.name));
    }
  }
  return base::Done{};
}

Status KernelMap::zero() {
  if (array_ && plan_.storage == MapStorage::PerCpuScalar) {
    // Nothing to zero in a map that was never written.
    zeroed_ = zeroed_ || read_array().count > 0;
    array_->fill_zero();
    return base::Done{};
  }
  if (array_) {
    array_->store(offsetof(ast::ScalarSlot, value), 0);
    return base::Done{};
  }
  Result<RawEntries> entries = read();
  if (!entries) return entries.error();
  std::vector<uint8_t> zeros(size_t{entries->slot_size} * entries->slots);
  for (size_t i = 0; i < entries->count; i++) {
    int error = bpf_map_update_elem(fd(), entries->key(i).data(), zeros.data(), BPF_EXIST);
    if (error != 0 && errno != ENOENT) {
      return base::system_error(errno, fmt::format("Failed to zero map {}", plan_.name));
    }
  }
  return base::Done{};
}

}  // namespace gimlet::runtime
