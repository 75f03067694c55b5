// Kernel maps: creation, and reading, clearing and zeroing from user space.
//
// Scalars live in memory-mapped arrays and are read without a system call; keyed maps are hashes,
// read in batches. How entries look is told in ast/map_plan.h.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ast/map_plan.h"
#include "base/owners.h"
#include "base/result.h"

namespace gimlet::runtime {

// A BPF array of one element that is mapped into this process.
class SharedArray {
 public:
  static base::Result<SharedArray> create(const std::string& kernel_name, uint32_t size);
  SharedArray(SharedArray&& other) noexcept;
  SharedArray& operator=(SharedArray&&) = delete;
  ~SharedArray();

  int fd() const { return fd_.get(); }
  uint32_t size() const { return size_; }
  std::span<uint8_t> bytes() const { return {memory_, size_}; }
  // One aligned 8-byte word, read or written whole while programs run.
  uint64_t load(size_t offset) const;
  void store(size_t offset, uint64_t value) const;
  void fill_zero() const;

 private:
  SharedArray(base::UniqueFd fd, uint8_t* memory, uint32_t size)
      : fd_(std::move(fd)), memory_(memory), size_(size) {}

  base::UniqueFd fd_;
  uint8_t* memory_ = nullptr;
  uint32_t size_ = 0;
};

// Contents of a map as bytes: `count` keys of key_size, and for each `slots` values of slot_size.
struct RawEntries {
  size_t count = 0;
  uint32_t key_size = 0;
  uint32_t slot_size = 0;
  uint32_t slots = 1;
  std::vector<uint8_t> keys;
  std::vector<uint8_t> values;

  std::span<const uint8_t> key(size_t i) const {
    return std::span(keys).subspan(i * key_size, key_size);
  }
  // All slots of entry i.
  std::span<const uint8_t> value(size_t i) const {
    size_t size = size_t{slot_size} * slots;
    return std::span(values).subspan(i * size, size);
  }
};

class KernelMap {
 public:
  // `cpu_slots`: possible CPUs rounded up to a power of two; `cpus`: possible CPUs.
  static base::Result<std::unique_ptr<KernelMap>> create(const ast::MapPlan& plan,
                                                         uint32_t cpu_slots, uint32_t cpus);

  const ast::MapPlan& plan() const { return plan_; }
  int fd() const { return array_ ? array_->fd() : hash_.get(); }
  // Bytes of the kernel map's value.
  uint32_t value_size() const { return array_ ? array_->size() : plan_.value_size; }

  // Why an image that plans this map differently cannot share it; empty if it can.
  std::string conflict(const ast::MapPlan& other) const;

  base::Result<RawEntries> read() const;
  // The slots of one key; no entries if there is none.
  base::Result<RawEntries> read_one(std::span<const uint8_t> key) const;
  base::Status clear();
  base::Status zero();

 private:
  explicit KernelMap(ast::MapPlan plan) : plan_(std::move(plan)) {}

  RawEntries empty_entries() const;
  RawEntries read_array() const;
  base::Status read_batches(RawEntries& entries) const;
  base::Status read_one_by_one(RawEntries& entries) const;

  ast::MapPlan plan_;
  uint32_t cpu_slots_ = 1;
  uint32_t cpus_ = 1;
  bool zeroed_ = false;  // shown although all counters are 0
  base::UniqueFd hash_;
  std::unique_ptr<SharedArray> array_;
};

}  // namespace gimlet::runtime
