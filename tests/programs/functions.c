// functions [N]: a thousand functions, numbered_000 .. numbered_999, each called N times (default
// 1) with its number.
#include <stdlib.h>

static volatile long sum;

#define ONE(n) \
  __attribute__((noinline)) void numbered_##n(int number) { sum += number; }
#define TEN(n) \
  ONE(n##0)    \
  ONE(n##1) ONE(n##2) ONE(n##3) ONE(n##4) ONE(n##5) ONE(n##6) ONE(n##7) ONE(n##8) ONE(n##9)
#define HUNDRED(n) \
  TEN(n##0)        \
  TEN(n##1) TEN(n##2) TEN(n##3) TEN(n##4) TEN(n##5) TEN(n##6) TEN(n##7) TEN(n##8) TEN(n##9)

HUNDRED(0)
HUNDRED(1)
HUNDRED(2)
HUNDRED(3)
HUNDRED(4)
HUNDRED(5)
HUNDRED(6)
HUNDRED(7)
HUNDRED(8)
HUNDRED(9)

#undef ONE
#define ONE(n) numbered_##n,
static void (*const all[])(int) = {HUNDRED(0) HUNDRED(1) HUNDRED(2) HUNDRED(3) HUNDRED(4) HUNDRED(5)
                                       HUNDRED(6) HUNDRED(7) HUNDRED(8) HUNDRED(9)};

int main(int argc, char** argv) {
  int n = argc > 1 ? atoi(argv[1]) : 1;
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < 1000; k++) all[k](k);
  }
  return 0;
}
