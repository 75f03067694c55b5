#include "runtime/ring.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdlib>
#include <string>

namespace gimlet::runtime {
namespace {

constexpr size_t kWindowStep = 512 * 1024;
constexpr size_t kLongestRecord = 512 * 1024;

size_t page_size() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

uint64_t available_memory() {
  constexpr uint64_t kFallback = 1ULL << 30;
  base::Result<std::string> text = base::read_file("/proc/meminfo");
  if (!text) return kFallback;
  size_t at = text->find("MemAvailable:");
  if (at == std::string::npos) return kFallback;
  return std::strtoull(text->c_str() + at + sizeof("MemAvailable:") - 1, nullptr, 10) * 1024;
}

uint64_t nearest_power(uint64_t value) {
  uint64_t below = std::bit_floor(std::max<uint64_t>(value, 1));
  uint64_t above = below * 2;
  return value - below < above - value ? below : above;
}

}  // namespace

size_t ring_bytes(uint64_t pages, uint32_t cpus) {
  uint64_t page = page_size();
  if (pages != 0) {
    constexpr uint64_t kMost = 1ULL << 30;
    uint64_t most = kMost / page;
    return std::bit_ceil(std::clamp<uint64_t>(pages, std::min<uint64_t>(cpus, most), most)) * page;
  }
  constexpr uint64_t kLeast = 256 * 1024;
  constexpr uint64_t kMost = 16544 * 1024;
  return nearest_power(std::clamp(available_memory(), kLeast, kMost) / page) * page;
}

base::Result<Ring> Ring::create(size_t bytes) {
  base::UniqueFd fd(
      bpf_map_create(BPF_MAP_TYPE_RINGBUF, "ringbuf", 0, 0, static_cast<uint32_t>(bytes), nullptr));
  if (!fd) {
    int error = errno;
    return base::system_error(error, "Failed to create the event ring",
                              error == EPERM ? "BPF needs CAP_BPF and CAP_PERFMON: run as root."
                                             : "Set perf_rb_pages to a smaller number of pages.");
  }
  Ring ring(std::move(fd), bytes);
  size_t page = page_size();
  void* consumer = mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd_.get(), 0);
  if (consumer == MAP_FAILED) return base::system_error(errno, "Failed to map the event ring");
  ring.consumer_ = static_cast<uint64_t*>(consumer);
  void* producer =
      mmap(nullptr, page, PROT_READ, MAP_SHARED, ring.fd_.get(), static_cast<off_t>(page));
  if (producer == MAP_FAILED) return base::system_error(errno, "Failed to map the event ring");
  ring.producer_ = static_cast<const uint64_t*>(producer);
  if (!ring.at(0)) return base::system_error(errno, "Failed to map the event ring");
  return ring;
}

Ring::Ring(Ring&& other) noexcept
    : fd_(std::move(other.fd_)),
      size_(other.size_),
      consumer_(std::exchange(other.consumer_, nullptr)),
      producer_(std::exchange(other.producer_, nullptr)),
      window_(std::exchange(other.window_, nullptr)),
      window_begin_(other.window_begin_),
      window_size_(other.window_size_) {}

Ring::~Ring() {
  close_window();
  size_t page = page_size();
  if (consumer_) munmap(consumer_, page);
  if (producer_) munmap(const_cast<uint64_t*>(producer_), page);
}

void Ring::close_window() {
  if (window_) munmap(const_cast<uint8_t*>(window_), window_size_);
  window_ = nullptr;
}

// A window is a step and a record long: a record that starts in its first part ends inside it.
const uint8_t* Ring::at(uint64_t position) {
  size_t offset = position & (size_ - 1);
  size_t step = std::min(kWindowStep, size_);
  if (!window_ || offset < window_begin_ || offset - window_begin_ >= step) {
    close_window();
    window_begin_ = offset / step * step;
    window_size_ = std::min(step + kLongestRecord, 2 * size_ - window_begin_);
    void* memory = mmap(nullptr, window_size_, PROT_READ, MAP_SHARED, fd_.get(),
                        static_cast<off_t>(2 * page_size() + window_begin_));
    if (memory == MAP_FAILED) return nullptr;
    window_ = static_cast<const uint8_t*>(memory);
  }
  return window_ + (offset - window_begin_);
}

size_t Ring::drain(const std::function<bool(std::span<const uint8_t>)>& take) {
  uint64_t position = *consumer_;
  uint64_t end = __atomic_load_n(producer_, __ATOMIC_ACQUIRE);
  size_t records = 0;
  bool more = true;
  while (more && position < end) {
    const uint8_t* header = at(position);
    if (!header) break;
    uint32_t word = __atomic_load_n(reinterpret_cast<const uint32_t*>(header), __ATOMIC_ACQUIRE);
    if (word & BPF_RINGBUF_BUSY_BIT) break;
    uint64_t length = word & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
    // Programs send no such lengths; reading on would leave the window.
    if (length + BPF_RINGBUF_HDR_SZ > std::min(kLongestRecord, size_)) break;
    if (!(word & BPF_RINGBUF_DISCARD_BIT)) {
      more = take({header + BPF_RINGBUF_HDR_SZ, length});
      records++;
    }
    position += (length + BPF_RINGBUF_HDR_SZ + 7) / 8 * 8;
    __atomic_store_n(consumer_, position, __ATOMIC_RELEASE);
    if (position >= end) end = __atomic_load_n(producer_, __ATOMIC_ACQUIRE);
  }
  return records;
}

bool Ring::empty() const { return *consumer_ == __atomic_load_n(producer_, __ATOMIC_SEQ_CST); }

}  // namespace gimlet::runtime
