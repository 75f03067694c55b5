// threads [N [T]]: T threads (default 2) on CPUs 0 and 1 by turns at the same time, each making N getppid system calls and
// N calls of traced(i), i = 0 .. N-1 (default 10000). Both start together, so that per-CPU values
// are really written on both CPUs at once. Exit status 3 if a CPU cannot be used.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int rounds = 10000;
static pthread_barrier_t start;

__attribute__((noinline)) int traced(int i) {
  __asm__ volatile("");
  return 2 * i;
}

static void* work(void* argument) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET((int)((long)argument % 2), &set);
  if (pthread_setaffinity_np(pthread_self(), sizeof set, &set) != 0) {
    _exit(3);
  }
  pthread_barrier_wait(&start);
  for (int i = 0; i < rounds; i++) {
    syscall(SYS_getppid);
    traced(i);
  }
  return NULL;
}

int main(int argc, char** argv) {
  if (argc > 1) {
    rounds = atoi(argv[1]);
  }
  int count = argc > 2 ? atoi(argv[2]) : 2;
  if (count < 1 || count > 64) return 2;
  pthread_barrier_init(&start, NULL, (unsigned)count);
  pthread_t threads[64];
  for (long i = 0; i < count; i++) {
    pthread_create(&threads[i], NULL, work, (void*)i);
  }
  for (int i = 0; i < count; i++) {
    pthread_join(threads[i], NULL);
  }
  return 0;
}
