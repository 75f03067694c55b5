// Targets: what an attach point expands to, as plain data from which the runtime attaches.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "ast/provider.h"
#include "ast/usdt.h"

namespace gimlet::ast {

// begin, end, self: run by the session itself.
struct SpecialTarget {};

struct TracepointTarget {
  std::string category;
  std::string event;
};

struct RawTracepointTarget {
  std::string module;  // "vmlinux" for the kernel image
  std::string event;
  uint32_t btf_id = 0;  // of the function type "btf_trace_EVENT"; 0: attach untyped, by name
};

// fentry, fexit
struct FunctionTarget {
  std::string module;  // "vmlinux" for the kernel image
  std::string function;
  uint32_t btf_id = 0;   // of the function, in the BTF of its module
  uint32_t program = 0;  // the id of the BPF program that it belongs to; 0: the kernel
};

// kprobe, kretprobe: a function, or an address if there is none.
struct KprobeTarget {
  std::string module;  // empty: whichever has the function
  std::string function;
  uint64_t offset = 0;   // bytes into the function
  uint64_t address = 0;  // in the kernel; only without a function
};

// profile, interval: exactly one of the two is non-zero.
struct TimerTarget {
  uint64_t frequency_hz = 0;
  uint64_t period_ns = 0;
};

// software, hardware
struct PerfEventTarget {
  uint32_t config = 0;  // PERF_COUNT_SW_* or PERF_COUNT_HW_*, as the provider says
  uint64_t period = 0;  // events per firing
};

// uprobe, uretprobe
struct UserTarget {
  std::string path;          // as it is opened
  std::string symbol;        // may be empty for probes by address
  uint64_t address = 0;      // ELF virtual address of the probed instruction
  uint64_t file_offset = 0;  // where it lies in the file
  // Of a return that must not be caught at the caller: the function's return instructions. Their
  // distance from file_offset is the cookie that they are attached with.
  std::vector<uint64_t> return_offsets{};
};

struct WatchpointTarget {
  uint64_t address = 0;
  uint32_t length = 0;  // bytes
  std::string mode;     // letters of "rwx", in this order
};

struct IteratorTarget {
  std::string name;     // "task"
  uint32_t btf_id = 0;  // of the function "bpf_iter_NAME"
  std::string pin;      // as written; empty: run
};

// usdt: one marker of one file, with all its locations.
struct UsdtTarget {
  std::string path;  // as it is opened
  UsdtMarker marker;
};

// test, bench
struct NamedTarget {
  std::string name;
};

using Place = std::variant<SpecialTarget, TracepointTarget, RawTracepointTarget, FunctionTarget,
                           KprobeTarget, TimerTarget, PerfEventTarget, UserTarget, WatchpointTarget,
                           IteratorTarget, UsdtTarget, NamedTarget>;

struct Target {
  ProviderId provider{};
  std::string name;  // what the `probe` builtin returns (probes-and-stdlib B1.8)
  Place place;
};

}  // namespace gimlet::ast
