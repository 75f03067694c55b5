// calls [N]: exactly N getppid and N getpgid(i) system calls and N calls of traced(i), with
// i = 0 .. N-1 (default 1000).
//
// They go through syscall(), so that nothing in libc can answer them without the kernel. getpgid is
// there because the kernel's type information leaves out the functions of calls without arguments.
// traced() returns 2 * i. The text and the record are constant, for reading strings and structs
// from outside.
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

struct record {
  int number;
  const char* text;
};

__attribute__((noinline)) int traced(int i) {
  __asm__ volatile("");
  return 2 * i;
}

__attribute__((noinline)) void labelled(const char* text, struct record* record) {
  __asm__ volatile("" : : "r"(text), "r"(record));
}

int main(int argc, char** argv) {
  int n = argc > 1 ? atoi(argv[1]) : 1000;
  struct record record = {42, "inside"};
  // Probes read only memory that is resident: touch the text once.
  const char* volatile text = "hello gimlet";
  if (text[0] != 'h') return 1;
  labelled(text, &record);
  for (int i = 0; i < n; i++) {
    syscall(SYS_getppid);
    syscall(SYS_getpgid, i);
    traced(i);
  }
  return 0;
}
