// variables: variables of every size, and one function, work(), which adds one to `number`.
#include <stdint.h>

volatile int8_t tiny = -1;
volatile int16_t small = -300;
volatile int32_t number = 70000;
volatile int64_t large = -5000000000LL;
char text[] = "the text";

__attribute__((noinline)) void work(void) {
  number++;
  __asm__ volatile("" : : : "memory");
}

int main(void) {
  // Probes read only memory that is resident.
  volatile char first = text[0];
  work();
  return first == 0 || tiny == 0 || small == 0 || large == 0;
}
