#include "cli/deep_stack.h"

#include <pthread.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <algorithm>

#if defined(__SANITIZE_ADDRESS__)
#include <sys/resource.h>
#endif

namespace gimlet::cli {
namespace {

// Only what is used takes memory, but `ulimit -v` counts all of it; then a smaller one has to do.
constexpr size_t kStackSize = size_t{512} << 20;
// Threads take their stacks' size from the limit of the first one.
constexpr size_t kLeastThreadStack = size_t{1} << 20;

void give_threads_room() {
  pthread_attr_t attributes;
  size_t size = 0;
  if (pthread_getattr_default_np(&attributes) != 0) return;
  if (pthread_attr_getstacksize(&attributes, &size) == 0 && size < kLeastThreadStack &&
      pthread_attr_setstacksize(&attributes, kLeastThreadStack) == 0) {
    pthread_setattr_default_np(&attributes);
  }
  pthread_attr_destroy(&attributes);
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__)

// The sanitizer does not follow when stacks are exchanged. The kernel lets the first one grow.
int on_deep_stack(const std::function<int()>& body) {
  give_threads_room();
  rlimit limit{};
  if (::getrlimit(RLIMIT_STACK, &limit) == 0) {
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, kStackSize);
    ::setrlimit(RLIMIT_STACK, &limit);
  }
  return body();
}

#else

namespace {

constexpr size_t kLeastStack = size_t{8} << 20;
constexpr size_t kGuardSize = size_t{1} << 16;

struct Call {
  const std::function<int()>& body;
  int result = 0;
  ucontext_t caller{};
};

// makecontext(3) hands over nothing but ints.
Call* call = nullptr;

void enter() { call->result = call->body(); }

// Null if there is no memory. `size` becomes what there is.
void* make_stack(size_t& size) {
  for (size = kStackSize; size >= kLeastStack; size /= 2) {
    void* stack = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) continue;
    ::mprotect(stack, kGuardSize, PROT_NONE);
    // Clearing a page of 2 MiB takes longer than the few small ones that a short program needs.
    ::madvise(stack, size, MADV_NOHUGEPAGE);
    return stack;
  }
  return nullptr;
}

}  // namespace

int on_deep_stack(const std::function<int()>& body) {
  give_threads_room();
  size_t size = 0;
  void* stack = make_stack(size);
  if (!stack) return body();
  Call here{body};
  call = &here;
  ucontext_t context{};
  if (::getcontext(&context) != 0) return body();
  context.uc_stack.ss_sp = stack;
  context.uc_stack.ss_size = size;
  context.uc_link = &here.caller;
  ::makecontext(&context, enter, 0);
  ::swapcontext(&here.caller, &context);
  return here.result;
}

#endif

}  // namespace gimlet::cli
