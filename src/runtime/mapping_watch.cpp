#include "runtime/mapping_watch.h"

#include <linux/perf_event.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime/cpus.h"

namespace gimlet::runtime {
namespace {

constexpr size_t kRingPages = 64;  // a power of two; some 2000 records

size_t page_size() {
  static const auto size = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return size;
}
size_t ring_size() { return kRingPages * page_size(); }

perf_event_attr side_records() {
  perf_event_attr attr{};
  attr.size = sizeof(attr);
  attr.type = PERF_TYPE_SOFTWARE;
  attr.config = PERF_COUNT_SW_DUMMY;
  attr.inherit = 1;
  attr.mmap = 1;
  attr.mmap2 = 1;
  attr.comm = 1;
  attr.comm_exec = 1;
  attr.task = 1;
  attr.sample_type = PERF_SAMPLE_TIME;  // ends every record
  attr.sample_id_all = 1;
  attr.watermark = 1;
  attr.wakeup_watermark = static_cast<uint32_t>(ring_size());
  return attr;
}

// The fixed part of the records, as include/uapi/linux/perf_event.h describes them.
struct MmapRecord {
  uint32_t pid, tid;
  uint64_t address, length, file_offset;
  uint32_t device_major, device_minor;
  uint64_t inode, generation;
  uint32_t protection, flags;
  // then the file name, NUL-terminated
};
struct ForkRecord {
  uint32_t pid, parent;
  // then thread ids and time
};

void tell(const perf_event_header& header, const std::vector<uint8_t>& body,
          const MappingWatch::Listener& listener) {
  if (header.type == PERF_RECORD_MMAP2 && body.size() > sizeof(MmapRecord)) {
    MmapRecord record;
    std::memcpy(&record, body.data(), sizeof(record));
    auto* name = reinterpret_cast<const char*>(body.data() + sizeof(record));
    Mapping mapping{record.address, record.address + record.length, record.file_offset,
                    std::string(name, strnlen(name, body.size() - sizeof(record)))};
    if ((record.protection & PROT_EXEC) && !mapping.path.empty()) {
      listener.mapped(record.pid, std::move(mapping));
    }
  } else if (header.type == PERF_RECORD_COMM && (header.misc & PERF_RECORD_MISC_COMM_EXEC) &&
             body.size() >= sizeof(uint32_t)) {
    uint32_t pid;
    std::memcpy(&pid, body.data(), sizeof(pid));
    listener.executed(pid);
  } else if (header.type == PERF_RECORD_FORK && body.size() >= sizeof(ForkRecord)) {
    ForkRecord record;
    std::memcpy(&record, body.data(), sizeof(record));
    if (record.pid != record.parent) listener.forked(record.parent, record.pid);
  }
}

}  // namespace

base::Result<MappingWatch> MappingWatch::create(pid_t pid) {
  MappingWatch watch;
  perf_event_attr attr = side_records();
  for (int cpu : online_cpus()) {
    PerCpu ring;
    ring.fd = base::UniqueFd(
        static_cast<int>(syscall(SYS_perf_event_open, &attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC)));
    if (!ring.fd) return base::system_error(errno, "perf_event_open");
    void* pages = mmap(nullptr, page_size() + ring_size(), PROT_READ | PROT_WRITE, MAP_SHARED,
                       ring.fd.get(), 0);
    if (pages == MAP_FAILED) return base::system_error(errno, "mmap");
    ring.pages = static_cast<uint8_t*>(pages);
    watch.rings_.push_back(std::move(ring));
  }
  return watch;
}

MappingWatch::~MappingWatch() {
  for (PerCpu& ring : rings_) munmap(ring.pages, page_size() + ring_size());
}

// A process may run on one CPU after the other: records of all of them make sense only in order.
void MappingWatch::drain(const Listener& listener) {
  std::vector<Record> records;
  for (PerCpu& ring : rings_) drain_ring(ring.pages, records);
  std::stable_sort(records.begin(), records.end(),
                   [](const Record& a, const Record& b) { return a.time < b.time; });
  for (const Record& record : records) tell(record.header, record.body, listener);
}

void MappingWatch::drain_ring(uint8_t* pages, std::vector<Record>& records) {
  auto* control = reinterpret_cast<perf_event_mmap_page*>(pages);
  const uint8_t* ring = pages + page_size();
  uint64_t head = __atomic_load_n(&control->data_head, __ATOMIC_ACQUIRE);
  uint64_t tail = control->data_tail;
  auto copy = [&](uint64_t from, void* to, size_t size) {
    size_t at = from % ring_size();
    size_t first = std::min(size, ring_size() - at);
    std::memcpy(to, ring + at, first);
    std::memcpy(static_cast<uint8_t*>(to) + first, ring, size - first);
  };
  while (head - tail >= sizeof(perf_event_header)) {
    Record record;
    perf_event_header& header = record.header;
    copy(tail, &header, sizeof(header));
    if (header.size < sizeof(header) + sizeof(record.time) || header.size > head - tail) break;
    const size_t size = header.size - sizeof(header) - sizeof(record.time);
    record.body.resize(size);
    copy(tail + sizeof(header), record.body.data(), size);
    copy(tail + sizeof(header) + size, &record.time, sizeof(record.time));
    tail += header.size;
    records.push_back(std::move(record));
  }
  __atomic_store_n(&control->data_tail, head, __ATOMIC_RELEASE);
}

}  // namespace gimlet::runtime
