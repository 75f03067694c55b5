// A chain of calls without frame pointers: main > first > second > third, COUNT times. Each
// function has a frame of its own size, and keeps a number in rbp; `third` asks for the parent
// process. With "signal" for a second argument `third` raises a signal, whose handler asks.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FRAME(bytes)           \
  volatile char frame[bytes]; \
  frame[0] = (char)number

static int with_signal;

__attribute__((noinline)) long ask(void) { return syscall(SYS_getppid); }

static void handler(int signal) { (void)!ask(), (void)signal; }

__attribute__((noinline)) long third(long number) {
  FRAME(40);
  if (with_signal) raise(SIGUSR1);
  else number += ask() & 1;
  return number + frame[0];
}

static inline __attribute__((always_inline)) long inlined_step(long number) {
  return third(number * 3) + 1;
}

__attribute__((noinline)) long second(long number) {
  FRAME(600);
  long result = inlined_step(number);
  return result + frame[0];
}

__attribute__((noinline)) long first(long number, long rounds) {
  FRAME(88);
  long sum = 0;
  for (long i = 0; i < rounds; i++) sum += second(number + i) ^ i;
  return sum + frame[0];
}

int main(int argc, char** argv) {
  long count = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
  with_signal = argc > 2 && strcmp(argv[2], "signal") == 0;
  signal(SIGUSR1, handler);
  if (argc > 2 && strcmp(argv[2], "wait") == 0) getchar();
  printf("%ld\n", first(argc, count) & 1 ? 1L : 0L);
  return 0;
}
