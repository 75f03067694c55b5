// jit [N [MS]]: makes a function at run time that calls traced(), tells its name in
// /tmp/perf-PID.map, as runtimes with a just-in-time compiler do, and calls it N times (default 1),
// with MS milliseconds (default 0) after each. x86_64 only; elsewhere it ends with status 2.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile int calls;

__attribute__((noinline)) void traced(void) { calls++; }

int main(int argc, char** argv) {
#if defined(__x86_64__)
  int n = argc > 1 ? atoi(argv[1]) : 1;
  int pause = argc > 2 ? atoi(argv[2]) : 0;
  // push %rbp; mov %rsp,%rbp; call *%rdi; pop %rbp; ret
  static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0xff, 0xd7, 0x5d, 0xc3};
  void* made =
      mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (made == MAP_FAILED) return 1;
  memcpy(made, code, sizeof code);
  char path[64];
  snprintf(path, sizeof path, "/tmp/perf-%d.map", getpid());
  FILE* map = fopen(path, "w");
  if (!map) return 1;
  fprintf(map, "%lx %lx made at run time\n", (unsigned long)made, (unsigned long)sizeof code);
  fclose(map);
  void (*function)(void (*)(void)) = (void (*)(void (*)(void)))made;
  for (int i = 0; i < n; i++) {
    function(traced);
    if (pause) usleep((unsigned)pause * 1000);
  }
  return 0;
#else
  (void)argc;
  (void)argv;
  traced();
  return 2;
#endif
}
