// burst CPU [N]: pinned to one CPU, makes N getppid system calls as fast as it can (default
// 100000). Exit status 3 if that CPU cannot be used.
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char** argv) {
  int cpu = argc > 1 ? atoi(argv[1]) : 0;
  int n = argc > 2 ? atoi(argv[2]) : 100000;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) {
    return 3;
  }
  for (int i = 0; i < n; i++) {
    syscall(SYS_getppid);
  }
  return 0;
}
