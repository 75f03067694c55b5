// writes [N [wait]]: prints the address of `target`, and then writes 0 .. N-1 into it (default 10);
// half of the writes, if N is even, come from a second thread, which exists from the start. With
// `wait` it first waits for a line on standard input, so that a tracer can come to the process.
// At the end a child process writes N once more.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// Initialised, or starting the program would write it, too: the kernel clears what is not. On a
// page of its own, because emulated processors report writes to the rest of the page as well.
struct page {
  volatile long value;
  char rest[4096 - sizeof(long)];
};
struct page target __attribute__((aligned(4096))) = {-1, {0}};
static int rounds = 10;
static pthread_barrier_t start;

__attribute__((noinline)) void store(long value) { target.value = value; }

static void* second_half(void* unused) {
  (void)unused;
  pthread_barrier_wait(&start);
  for (int i = rounds / 2; i < rounds; i++) {
    store(i);
  }
  return NULL;
}

int main(int argc, char** argv) {
  if (argc > 1) {
    rounds = atoi(argv[1]);
  }
  pthread_barrier_init(&start, NULL, 2);
  pthread_t thread;
  pthread_create(&thread, NULL, second_half, NULL);
  printf("%p\n", (void*)&target);
  fflush(stdout);
  if (argc > 2 && strcmp(argv[2], "wait") == 0) {
    char line[16];
    if (!fgets(line, sizeof line, stdin)) {
      return 1;
    }
  }
  for (int i = 0; i < rounds / 2; i++) {
    store(i);
  }
  pthread_barrier_wait(&start);
  pthread_join(thread, NULL);
  pid_t child = fork();
  if (child == 0) {
    store(rounds);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  return 0;
}
