// Imported by cases of language_comptime.test: functions that a script calls.
typedef unsigned long long u64;
typedef int s32;

u64 native_sum(u64 first, u64 second) { return first + second; }

s32 native_sign(s32 value) { return value < 0 ? -1 : value > 0; }
