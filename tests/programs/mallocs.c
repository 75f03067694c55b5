// mallocs [N]: exactly N calls of malloc with sizes 1000 .. 1000+N-1 (default 100), each followed
// by free, and no other call of libc that would allocate. What the loader allocates before main
// comes from its own malloc, so libc's malloc is called exactly N times in a run.
#include <stdlib.h>

int main(int argc, char** argv) {
  int n = argc > 1 ? atoi(argv[1]) : 100;
  for (int i = 0; i < n; i++) {
    void* volatile block = malloc(1000 + (size_t)i);
    free(block);
  }
  return 0;
}
