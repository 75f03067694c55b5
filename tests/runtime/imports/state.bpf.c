// Imported by cases of external_code.test: code with data, a map and a license of its own.
typedef unsigned long long u64;
typedef unsigned int u32;

char LICENSE[] __attribute__((section("license"), used)) = "GPL";

struct only_here {
  u64 value;
};

struct {
  int (*type)[2];
  u32* key;
  u64* value;
  int (*max_entries)[1];
} last_value __attribute__((section(".maps"), used));

static void* (*const lookup)(void* map, const void* key) = (void*)1;

u64 count = 100;
const volatile u64 most = 12;

u64 counted(u64 more) {
  count += more;
  return count;
}

u64 remembered(u64 next) {
  u32 key = 0;
  u64* value = lookup(&last_value, &key);
  if (!value) return -1;
  u64 before = *value;
  *value = next;
  return before;
}

u64 limit(void) { return most; }

void raise(u64* place, u64 more) { *place += more; }

long long looked_up(void* map, u64 key) {
  struct only_here* found = lookup(map, &key);
  return found ? (long long)found->value : -1;
}

signed char doubled(signed char value) { return value * 2; }

_Bool is_odd(unsigned char value) { return value & 1; }

enum colour { RED, GREEN = 3 };
enum wide { WIDE = 0x100000000ULL };
typedef struct {
  int a;
} nameless_t;
struct declared;
union overlaid;

enum colour next_colour(enum colour before, enum wide step) { return before + (int)step; }

int how_many(nameless_t* a, struct declared* b, const union overlaid* c, int (*d)[4]) {
  return a && b && c && d ? 4 : 0;
}

__attribute__((section("tracepoint/syscalls/sys_enter_getppid"))) int unwanted(void* ctx) {
  return 0;
}
