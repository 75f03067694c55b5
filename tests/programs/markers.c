// markers [N [MS]]: fires USDT markers, each N times (default 100), with i = 0 .. N-1, and MS
// milliseconds (default 0) after each time.
//
//   sizes:signed, sizes:unsigned   four arguments each, of 1, 2, 4 and 8 bytes
//   sizes:many                     twelve arguments: 1 .. 12, each times i
//   places:here                    three locations: one with a constant, one with a register, one
//                                  with a value in memory; arg0 is 1, 2, 3, arg1 is i
//   guarded:counted                with a semaphore: fires only while somebody traces it
//   forms:*                        operands that the macros rarely give (x86_64 only)
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sdt.h>
#include <unistd.h>

// As dtrace -h would define it. The kernel counts tracers here.
__extension__ unsigned short guarded_counted_semaphore __attribute__((section(".probes"))) = 0;

static void sizes(int i) {
  volatile int8_t s1 = (int8_t)-i;
  volatile int16_t s2 = (int16_t)(-300 - i);
  volatile int32_t s4 = -70000 - i;
  volatile int64_t s8 = -5000000000LL - i;
  DTRACE_PROBE4(sizes, signed, s1, s2, s4, s8);
  volatile uint8_t u1 = (uint8_t)(200 + i % 50);
  volatile uint16_t u2 = (uint16_t)(60000 + i);
  volatile uint32_t u4 = 4000000000U + (uint32_t)i;
  volatile uint64_t u8 = 10000000000000000000ULL + (uint64_t)i;
  DTRACE_PROBE4(sizes, unsigned, u1, u2, u4, u8);
  DTRACE_PROBE12(sizes, many, i, 2 * i, 3 * i, 4 * i, 5 * i, 6 * i, 7 * i, 8 * i, 9 * i, 10 * i,
                 11 * i, 12 * i);
}

static inline __attribute__((always_inline)) void here(int which, int i) {
  DTRACE_PROBE2(places, here, which, i);
}

static void places(int i) {
  here(1, i);
  here(strtol("2", NULL, 10), i);
  static volatile int three = 3;
  DTRACE_PROBE2(places, here, three, i);
}

static int guarded(int i) {
  if (!*(volatile unsigned short*)&guarded_counted_semaphore) return 0;
  STAP_PROBE1(guarded, plain, i);
  // The macro of sys/sdt.h names the semaphore only if the whole file uses semaphores; this note is
  // written out for that reason.
#if defined(__x86_64__)
  __asm__ volatile(
      "990: nop\n"
      ".pushsection .note.stapsdt,\"?\",\"note\"\n"
      ".balign 4\n"
      ".4byte 992f-991f, 994f-993f, 3\n"
      "991: .asciz \"stapsdt\"\n"
      "992: .balign 4\n"
      "993: .8byte 990b\n"
      ".8byte _.stapsdt.base\n"
      ".8byte guarded_counted_semaphore\n"
      ".asciz \"guarded\"\n.asciz \"counted\"\n.asciz \"-4@%%edi\"\n"
      "994: .balign 4\n"
      ".popsection\n"
      :
      : "D"(i));
#endif
  return 1;
}

#if defined(__x86_64__)
#define FORM(name, text, ...)                                 \
  __asm__ volatile(                                           \
      "990: nop\n"                                            \
      ".pushsection .note.stapsdt,\"?\",\"note\"\n"           \
      ".balign 4\n"                                           \
      ".4byte 992f-991f, 994f-993f, 3\n"                      \
      "991: .asciz \"stapsdt\"\n"                             \
      "992: .balign 4\n"                                      \
      "993: .8byte 990b\n"                                    \
      ".8byte _.stapsdt.base\n"                               \
      ".8byte 0\n"                                            \
      ".asciz \"forms\"\n.asciz \"" name "\"\n.asciz \"" text \
      "\"\n"                                                  \
      "994: .balign 4\n"                                      \
      ".popsection\n"                                         \
      :                                                       \
      : __VA_ARGS__)

__attribute__((used)) volatile int form_global[4] = {70, 71, 72, 73};

static void forms(int i) {
  int64_t table[4] = {i, i + 1, i + 2, i + 3};
  __asm__ volatile("" : : "r"(table) : "memory");
  // base and index with scale, with and without an offset; every width of a register's name.
  FORM("memory", "8@(%%rcx,%%rdx,8) 8@8(%%rcx,%%rdx,8) 8@(%%rcx) -8@16(%%rcx)", "c"(table),
       "d"(1L));
  FORM("widths", "1@%%al 1@%%ah 2@%%ax 4@%%eax 8@%%rax -1@%%al", "a"(0x1122334455667788ULL));
  FORM("constants", "-4@$-7 1@$255 -1@$255 8@$0x10 4@$0", "a"(0));
  // Relative to the code, and a vector register, which cannot be read.
  FORM("code", "4@form_global+4(%%rip) -4@form_global(%%rip) 8@%%xmm0", "a"(0));
}
#else
static void forms(int i) { (void)i; }
#endif

int main(int argc, char** argv) {
  int n = argc > 1 ? atoi(argv[1]) : 100;
  int pause = argc > 2 ? atoi(argv[2]) : 0;
  int counted = 0;
  for (int i = 0; i < n; i++) {
    sizes(i);
    places(i);
    counted += guarded(i);
    forms(i);
    if (pause) usleep((unsigned)pause * 1000);
  }
  printf("counted %d\n", counted);
  return guarded_counted_semaphore > 100;
}
