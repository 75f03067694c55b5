#include "runtime/link.h"

#include <linux/bpf.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

namespace gimlet::runtime {
namespace {

constexpr size_t kMostThreads = 16;

// What struct bpf_link_info tells of kprobes since Linux 6.7; older headers have less of it.
struct LinkInfo {
  uint32_t type, id, program, unused;
  union {
    struct {
      uint32_t kind, unused;
      uint64_t name;
      uint32_t name_size, offset;
      uint64_t address, missed, cookie;
    } event;
    struct {
      uint64_t addresses;
      uint32_t count, flags;
      uint64_t missed, cookies;
    } functions;
    char room[112];
  };
};
constexpr uint32_t kPerfEvent = 7, kKprobeMulti = 8;  // enum bpf_link_type
constexpr uint32_t kKprobe = 3, kKretprobe = 4;       // enum bpf_perf_event_type

void detach_some(std::vector<Link>& links, std::atomic<size_t>& next) {
  for (size_t i = next++; i < links.size(); i = next++) links[i].detach();
}

}  // namespace

uint64_t Link::missed() const {
  LinkInfo info{};
  bpf_attr attr{};
  attr.info.bpf_fd = static_cast<uint32_t>(link_.get());
  attr.info.info_len = sizeof(info);
  attr.info.info = reinterpret_cast<uint64_t>(&info);
  if (syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)) != 0) return 0;
  if (info.type == kKprobeMulti) return info.functions.missed;
  if (info.type != kPerfEvent) return 0;
  return info.event.kind == kKprobe || info.event.kind == kKretprobe ? info.event.missed : 0;
}

void detach_all(std::vector<Link>& links, const Progress& progress) {
  if (links.empty()) return;
  std::atomic<size_t> next = 0;
  std::vector<std::thread> threads;
  size_t wanted = std::min(links.size(), kMostThreads) - 1;
  try {
    while (threads.size() < wanted) {
      threads.emplace_back([&] { detach_some(links, next); });
    }
  } catch (const std::system_error&) {
    // No more threads to be had: those that run, and this one, do all the work.
  }
  Working working(progress, "Detaching probes", links.size());
  for (size_t i = next++; i < links.size(); i = next++) {
    working.reach(i);
    links[i].detach();
  }
  for (std::thread& thread : threads) thread.join();
  links.clear();
}

}  // namespace gimlet::runtime
