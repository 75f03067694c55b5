// What somebody who writes BPF by hand would write for the one-liners of scripts/bench-events. One
// program a row, named like it; they are compiled with clang -O2.
#include <linux/bpf.h>
#include <stdbool.h>

#include <bpf/bpf_helpers.h>

#define AT_GETPPID SEC("tracepoint/syscalls/sys_enter_getppid")
#define MAP(kind, name, key_type, value_type, count) \
  struct {                                           \
    __uint(type, kind);                              \
    __type(key, key_type);                           \
    __type(value, value_type);                       \
    __uint(max_entries, count);                      \
  } name SEC(".maps")

typedef struct {
  char text[16];
} name_t;

enum { kBuckets = 64, kLinearBuckets = 12, kEntries = 4096 };

MAP(BPF_MAP_TYPE_PERCPU_ARRAY, total, __u32, __u64, 1);
MAP(BPF_MAP_TYPE_PERCPU_ARRAY, buckets, __u32, __u64, kBuckets);
MAP(BPF_MAP_TYPE_PERCPU_ARRAY, linear_buckets, __u32, __u64, kLinearBuckets);
MAP(BPF_MAP_TYPE_PERCPU_HASH, by_name, name_t, __u64, kEntries);
MAP(BPF_MAP_TYPE_PERCPU_HASH, by_pid, __u32, __u64, kEntries);

static __always_inline void add(void* map, const void* key) {
  __u64 one = 1;
  __u64* value = bpf_map_lookup_elem(map, key);
  if (value) {
    *value += 1;
  } else {
    bpf_map_update_elem(map, key, &one, BPF_NOEXIST);
  }
}

// Index of the highest bit, for v > 0.
static __always_inline __u32 log2_of(__u64 v) {
  __u32 result = 0;
  __u32 step;
  for (step = 32; step > 0; step /= 2) {
    if (v >> step) {
      v >>= step;
      result += step;
    }
  }
  return result;
}

AT_GETPPID int empty(void* context) { return 0; }

AT_GETPPID int count(void* context) {
  __u32 zero = 0;
  __u64* value = bpf_map_lookup_elem(&total, &zero);
  if (value) *value += 1;
  return 0;
}

AT_GETPPID int count_by_comm(void* context) {
  name_t key = {};
  bpf_get_current_comm(&key, sizeof(key));
  add(&by_name, &key);
  return 0;
}

AT_GETPPID int sum_by_pid(void* context) {
  __u32 pid = bpf_get_current_pid_tgid() >> 32;
  add(&by_pid, &pid);
  return 0;
}

AT_GETPPID int hist(void* context) {
  __u64 v = bpf_ktime_get_boot_ns();
  __u32 bucket = v == 0 ? 1 : log2_of(v) + 2;
  __u64* value = bpf_map_lookup_elem(&buckets, &bucket);
  if (value) *value += 1;
  return 0;
}

AT_GETPPID int lhist(void* context) {
  __u64 v = bpf_ktime_get_boot_ns() % 128;
  __u32 bucket = v >= 100 ? kLinearBuckets - 1 : v / 10 + 1;
  __u64* value = bpf_map_lookup_elem(&linear_buckets, &bucket);
  if (value) *value += 1;
  return 0;
}

AT_GETPPID int reject(void* context) {
  static const char wanted[16] = "nobody";
  char comm[16];
  __u32 zero = 0;
  bool equal;
  bpf_get_current_comm(comm, sizeof(comm));
  equal = *(__u64*)comm == *(const __u64*)wanted;
  if (equal) {
    __u64* value = bpf_map_lookup_elem(&total, &zero);
    if (value) *value += 1;
  }
  return 0;
}

char gpl[] SEC("license") = "GPL";
