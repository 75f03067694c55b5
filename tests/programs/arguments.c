// arguments [N]: calls functions with parameters of many types, N times each (default 1), with
// i = 0 .. N-1. What they get is written at each call in main().
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum color { RED, GREEN = 7 };

struct point {
  int x, y;
};

// Two registers.
struct span {
  const char* text;
  uint64_t length;
};

// Too large for registers.
struct wide {
  uint64_t words[4];
};

struct item {
  int8_t small;
  unsigned low : 3;
  unsigned high : 13;
  struct point place;
  char name[8];
  int table[3];
  struct item* next;
  union {
    uint32_t whole;
    uint16_t half[2];
  };
};

// As the kernel has, with other members.
struct file {
  int number;
};

#define NOINLINE __attribute__((noinline))
#define KEEP(...) __asm__ volatile("" : : "r"(__VA_ARGS__) : "memory")

NOINLINE void integers(int8_t a, uint8_t b, int16_t c, uint16_t d, int32_t e, int64_t f) {
  KEEP((long)a + b + c + d + e + f);
}
NOINLINE void others(bool flag, enum color color, char letter, const char* text, double ratio,
                     int behind) {
  KEEP(flag + (int)color + letter + *text + (int)ratio + behind);
}
NOINLINE void structures(struct point point, struct span span, struct item* item) {
  KEEP(point.x + (int)span.length + item->small);
}
NOINLINE struct wide hidden(int first, const struct file* file) {
  struct wide result = {{(uint64_t)first + (uint64_t)file->number}};
  KEEP(first);
  return result;
}
NOINLINE void many(int a, int b, int c, int d, int e, int f, int g) {
  KEEP(a + b + c + d + e + f + g);
}
NOINLINE void none(void) { KEEP(0); }
NOINLINE int line_numbers(int i) {
  int sum = i;
  sum += 3;  // the line that a test names
  for (int k = 0; k < 2; k++) sum += k;
  return sum;
}

NOINLINE void stacked(struct wide wide, int a, int b, int c, int d, int e, int f, int8_t g,
                      struct item* item, struct span span) {
  KEEP((long)wide.words[0] + a + b + c + d + e + f + g + item->small + (long)span.length);
}

int main(int argc, char** argv) {
  int n = argc > 1 ? atoi(argv[1]) : 1;
  static const char text[] = "the text";
  struct item last = {-1, 1, 2, {3, 4}, "last", {5, 6, 7}, NULL, {0}};
  struct item first = {-8, 5, 4097, {-1, 2}, "first", {10, 20, 30}, &last, {0x00020001}};
  struct file file = {99};
  struct span span = {text, 8};
  // Probes read only memory that is resident.
  volatile char touched = text[0];
  for (int i = 0; i < n; i++) {
    integers(-100, 200, -30000, 60000, -2000000000, -5000000000L);
    others(true, GREEN, 'x', text, 2.5, 41);
    structures((struct point){i, -i}, span, &first);
    struct wide result = hidden(i + 1, &file);
    KEEP(result.words[0]);
    many(1, 2, 3, 4, 5, 6, -7);
    stacked((struct wide){{10, 20, 30, (uint64_t)i}}, 1, 2, 3, 4, 5, 6, (int8_t)-i, &first, span);
    none();
    line_numbers(i);
  }
  return touched == 0;
}
