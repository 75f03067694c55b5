// inlined [N]: calls innermost() N times (default 1) through functions that the compiler puts into
// their caller: main > outer > (middle > inner) > innermost.
#include <stdlib.h>

#define INLINED static inline __attribute__((always_inline))

static volatile int sum;

__attribute__((noinline)) void innermost(int i) { sum += i; }

INLINED void inner(int i) {
  sum++;
  innermost(i);
  sum++;
}

INLINED void middle(int i) { inner(i + 1); }

__attribute__((noinline)) void outer(int i) {
  middle(i);
  sum++;
}

int main(int argc, char** argv) {
  int n = argc > 1 ? atoi(argv[1]) : 1;
  for (int i = 0; i < n; i++) outer(i);
  return 0;
}
