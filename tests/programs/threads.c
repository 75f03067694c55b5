// threads [N]: two threads on CPUs 0 and 1 at the same time, each making N getppid system calls and
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
  CPU_SET((int)(long)argument, &set);
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
  pthread_barrier_init(&start, NULL, 2);
  pthread_t threads[2];
  for (long cpu = 0; cpu < 2; cpu++) {
    pthread_create(&threads[cpu], NULL, work, (void*)cpu);
  }
  for (int i = 0; i < 2; i++) {
    pthread_join(threads[i], NULL);
  }
  return 0;
}
