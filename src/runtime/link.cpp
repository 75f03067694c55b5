#include "runtime/link.h"

#include <linux/membarrier.h>
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

void detach_some(std::vector<Link>& links, std::atomic<size_t>& next) {
  for (size_t i = next++; i < links.size(); i = next++) links[i].detach();
}

}  // namespace

void detach_all(std::vector<Link>& links) {
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
  detach_some(links, next);
  for (std::thread& thread : threads) thread.join();
  links.clear();
  // Some kinds of links are gone before the last run of their program has ended. Programs run
  // inside an RCU read section; this waits until every section has been left.
  syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

}  // namespace gimlet::runtime
