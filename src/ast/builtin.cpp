#include "ast/builtin.h"

#include <algorithm>
#include <cctype>

#include "ast/provider.h"

namespace gimlet::ast {
namespace {

using enum BuiltinForm;
using enum BuiltinMode;
using Id = BuiltinId;

// In the order of BuiltinId.
constexpr Builtin kBuiltins[] = {
    // --- values ---
    {Id::Pid, "pid", Either, Sync, 0, 1, 0, "pid", "uint32",
     "Process id of the current task, as seen from gimlet's PID namespace.",
     "begin { print(pid > 0); }"},
    {Id::Tid, "tid", Either, Sync, 0, 1, 0, "tid", "uint32",
     "Thread id of the current task, as seen from gimlet's PID namespace.",
     "begin { print(tid > 0); }"},
    {Id::Uid, "uid", Value, Sync, 0, 0, 0, "uid", "uint64",
     "User id of the current task in the initial user namespace.", "begin { print(uid); }"},
    {Id::Gid, "gid", Value, Sync, 0, 0, 0, "gid", "uint64",
     "Group id of the current task in the initial user namespace.", "begin { print(gid); }"},
    {Id::Comm, "comm", Value, Sync, 0, 0, 0, "comm", "string[16]", "Name of the current thread.",
     "begin { print(comm); }"},
    {Id::Nsecs, "nsecs", Either, Sync, 0, 1, 0, "nsecs[(boot|monotonic|tai)]", "uint64",
     "Nanoseconds of a clock; without an argument time since boot, suspend included.",
     "begin { print(nsecs > 0); }"},
    {Id::Elapsed, "elapsed", Value, Sync, 0, 0, 0, "elapsed", "uint64",
     "Nanoseconds since tracing started.", "begin { print(elapsed > 0); }"},
    {Id::Cpu, "cpu", Value, Sync, 0, 0, 0, "cpu", "uint64", "Number of the current CPU.",
     "begin { print(cpu < ncpus); }"},
    {Id::Curtask, "curtask", Value, Sync, 0, 0, 0, "curtask", "struct task_struct *",
     "The kernel's structure of the current task.", "begin { print(curtask.tgid == (int32)pid); }"},
    {Id::Args, "args", Value, Sync, 0, 0, kOffersArgs, "args.NAME", "struct",
     "The typed arguments or fields of the probe.",
     "tracepoint:sched:sched_switch { @[args.prev_state] = count(); exit(); }"},
    {Id::ArgN, "argN", Value, Sync, 0, 0, kOffersArgN, "arg0, arg1, ...", "uint64",
     "The N-th argument of the traced function, as an untyped number.",
     "rawtracepoint:sched_switch { print(arg0 <= 1); exit(); }"},
    {Id::Retval, "retval", Value, Sync, 0, 0, kOffersRetval, "retval", "uint64",
     "Return value of the traced function.",
     "uretprobe:libc:getpid { print(retval); exit(); } interval:ms:50 { exit(); }"},
    {Id::ProbeName, "probe", Value, CompileTime, 0, 0, 0, "probe", "string",
     "Full name of the probe that fired.", "begin { print(probe); }"},
    {Id::ProbeType, "probetype", Value, CompileTime, 0, 0, 0, "probetype", "string",
     "Kind of the probe that fired.", "begin { print(probetype); }"},
    {Id::Func, "func", Value, Sync, 0, 0, kOffersFunc, "func", "usym_t",
     "The traced function, shown as its symbol.",
     "uprobe:libc:malloc { print(func); exit(); } interval:ms:50 { exit(); }"},
    {Id::Rand, "rand", Value, Sync, 0, 0, 0, "rand", "uint64", "A random number of 32 bits.",
     "begin { print(rand < 4294967296); }"},
    {Id::Ctx, "ctx", Value, Sync, 0, 0, kOffersCtx, "ctx", "struct *",
     "The program's context: registers, the data of a perf event, or an iterator's object.",
     "profile:hz:99 { print(ctx.regs.ip != 0); exit(); }"},
    {Id::Ncpus, "ncpus", Value, Sync, 0, 0, 0, "ncpus", "uint64", "Number of possible CPUs.",
     "begin { print(ncpus > 0); }"},
    {Id::Cpid, "cpid", Value, Sync, 0, 0, 0, "cpid", "uint64",
     "Process id of the command that -c started; 0 without one.", "begin { print(cpid); }"},
    {Id::Username, "username", Value, Sync, 0, 0, 0, "username", "username_t",
     "Name of the current task's user, looked up when it is shown.", "begin { print(username); }"},
    {Id::KernelStack, "kstack", Either, Sync, 0, 2, 0, "kstack[([mode,] limit)]", "kstack",
     "Kernel stack of the current task.", "begin { print(len(kstack) >= 0); }"},
    {Id::UserStack, "ustack", Either, Sync, 0, 2, 0, "ustack[([mode,] limit)]", "ustack",
     "User stack of the current task, by frame pointers.", "begin { print(len(ustack(3)) <= 3); }"},
    {Id::Jiffies, "jiffies", Value, Sync, 0, 0, 0, "jiffies", "uint64",
     "The kernel's count of timer ticks.", "begin { print(jiffies > 0); }"},
    {Id::NumaId, "numaid", Value, Sync, 0, 0, 0, "numaid", "uint64",
     "Number of the NUMA node of the current CPU.", "begin { print(numaid); }"},
    // --- functions ---
    {Id::Printf, "printf", Function, Async, 1, kUnlimitedArguments, 0, "printf(format, ...)",
     "void", "Prints values as the format says.", "begin { printf(\"%d %s\\n\", pid, comm); }"},
    {Id::Print, "print", Function, Async, 1, 3, 0, "print(value) or print(@map [, top [, div]])",
     "void", "Prints a value, or a whole map.", "begin { print((1, \"two\")); }"},
    {Id::Str, "str", Function, Sync, 1, 2, 0, "str(pointer [, length])", "string[length + 1]",
     "Reads a NUL-terminated string from memory.",
     "tracepoint:syscalls:sys_enter_openat { print(str(args.filename)); exit(); }"},
    {Id::Exit, "exit", Function, Async, 0, 1, 0, "exit([status])", "void",
     "Ends the run, and this firing of the probe.", "begin { exit(0); }"},
    {Id::Clear, "clear", Function, Async, 1, 1, 0, "clear(@map)", "void",
     "Removes all entries of a map.", "begin { @a = 1; clear(@a); }"},
    {Id::Zero, "zero", Function, Async, 1, 1, 0, "zero(@map)", "void",
     "Sets all values of a map to zero.", "begin { @a[1] = 5; zero(@a); }"},
    {Id::Delete, "delete", Function, Sync, 1, 2, 0, "delete(@map, key) or delete(@scalar)", "bool",
     "Removes one entry; false if there was none.", "begin { @a[1] = 2; delete(@a, 1); }"},
    {Id::HasKey, "has_key", Function, Sync, 2, 2, 0, "has_key(@map, key)", "bool",
     "Whether a map has an entry.", "begin { @a[1] = 2; print(has_key(@a, 1)); }"},
    {Id::Len, "len", Function, Sync, 1, 1, 0, "len(@map) or len(stack)", "int64",
     "Number of entries of a map, or of frames of a stack.",
     "begin { @a[1] = 2; print(len(@a)); }"},
    {Id::Time, "time", Function, Async, 0, 1, 0, "time([format])", "void",
     "Prints the wall-clock time, formatted as by strftime(3).", "begin { time(\"%H:%M\\n\"); }"},
    {Id::Strftime, "strftime", Function, Sync, 2, 2, 0, "strftime(format, nanoseconds)",
     "timestamp", "A time stamp that is shown as formatted wall-clock time.",
     "begin { print(strftime(\"%Y\", nsecs)); }"},
    {Id::Join, "join", Function, Async, 1, 2, 0, "join(pointer [, delimiter])", "void",
     "Prints a null-terminated array of strings in one line.",
     "tracepoint:syscalls:sys_enter_execve { join(args.argv); exit(); } interval:ms:50 { exit(); "
     "}"},
    {Id::Ksym, "ksym", Function, Sync, 1, 1, 0, "ksym(address)", "ksym_t",
     "Name of the kernel symbol that holds an address.", "begin { print(ksym(0)); }"},
    {Id::Usym, "usym", Function, Sync, 1, 1, 0, "usym(address)", "usym_t",
     "Name of the symbol of the current process that holds an address.",
     "begin { print(usym(0)); }"},
    {Id::Buf, "buf", Function, Sync, 1, 2, 0, "buf(data [, length])", "buffer[length]",
     "Reads raw bytes from memory.", "begin { printf(\"%r\\n\", buf(\"ab\", 2)); }"},
    {Id::Kptr, "kptr", Function, Sync, 1, 1, 0, "kptr(pointer)", "type of pointer",
     "The same pointer, read as kernel memory.", "begin { print(kptr(16)); }"},
    {Id::Uptr, "uptr", Function, Sync, 1, 1, 0, "uptr(pointer)", "type of pointer",
     "The same pointer, read as user memory.", "begin { print(uptr(16)); }"},
    {Id::Reg, "reg", Function, Sync, 1, 1, kOffersReg, "reg(name)", "uint64",
     "A CPU register of the traced or interrupted code.",
     "profile:hz:99 { print(reg(\"ip\") != 0); exit(); }"},
    {Id::Find, "find", Function, Sync, 3, 3, 0, "find(@map, key, $variable)", "bool",
     "Copies an entry's value to a variable; false, and the variable as it was, if there is none.",
     "begin { @a[1] = 2; let $v : int64; if (find(@a, 1, $v)) { print($v); } }"},
    {Id::IsScalar, "is_scalar", Function, CompileTime, 1, 1, 0, "is_scalar(@map)", "bool",
     "Whether a map is used without keys.", "begin { @a = 1; print(is_scalar(@a)); }"},
    {Id::IsLiteral, "is_literal", Function, CompileTime, 1, 1, 0, "is_literal(expression)", "bool",
     "Whether the value of an expression is known before the program runs.",
     "begin { print(is_literal(1 + 2)); }"},
    {Id::Fail, "fail", Function, CompileTime, 1, kUnlimitedArguments, 0, "fail(format, ...)",
     "void",
     "Refuses the program with a message, unless the call is in a branch that `comptime` drops.",
     "begin { if comptime false { fail(\"never\"); } }"},
    {Id::Errorf, "errorf", Function, Async, 1, kUnlimitedArguments, 0, "errorf(format, ...)",
     "void", "Prints an error message with the place of the call.",
     "begin { errorf(\"%s failed\", comm); }"},
    {Id::Warnf, "warnf", Function, Async, 1, kUnlimitedArguments, 0, "warnf(format, ...)", "void",
     "Prints a warning with the place of the call.", "begin { warnf(\"%d is odd\", 3); }"},
    {Id::GetOpt, "getopt", Function, Sync, 1, 3, 0, "getopt(name [, default [, description]])",
     "bool, uint64, int64 or string",
     "The value of an option `--name` given to the program behind `--`.",
     "begin { print(getopt(\"verbose\")); }"},
    // --- aggregations ---
    {Id::Count, "count", Function, Aggregation, 0, 0, 0, "@ = count()", "count_t",
     "Counts how often it is reached.", "begin { @ = count(); }"},
    {Id::Sum, "sum", Function, Aggregation, 1, 1, 0, "@ = sum(n)", "sum_t", "Adds up.",
     "begin { @ = sum(5); }"},
    {Id::Avg, "avg", Function, Aggregation, 1, 1, 0, "@ = avg(n)", "avg_t", "Keeps the average.",
     "begin { @ = avg(5); }"},
    {Id::Min, "min", Function, Aggregation, 1, 1, 0, "@ = min(n)", "min_t",
     "Keeps the smallest value.", "begin { @ = min(5); }"},
    {Id::Max, "max", Function, Aggregation, 1, 1, 0, "@ = max(n)", "max_t",
     "Keeps the largest value.", "begin { @ = max(5); }"},
    {Id::Stats, "stats", Function, Aggregation, 1, 1, 0, "@ = stats(n)", "stats_t",
     "Keeps count, average and total.", "begin { @ = stats(5); }"},
    {Id::Hist, "hist", Function, Aggregation, 1, 2, 0, "@ = hist(n [, bits])", "hist_t",
     "A histogram with buckets of powers of two, each split into 2^bits parts.",
     "begin { @ = hist(5); }"},
    {Id::LHist, "lhist", Function, Aggregation, 4, 4, 0, "@ = lhist(n, min, max, step)", "lhist_t",
     "A histogram with buckets of equal width.", "begin { @ = lhist(5, 0, 10, 1); }"},
    {Id::TSeries, "tseries", Function, Aggregation, 3, 4, 0,
     "@ = tseries(n, interval, count [, function])", "tseries_t",
     "A graph of the newest intervals of time: of each the latest value or, with \"avg\", \"max\", "
     "\"min\" or \"sum\", all of them combined. Unstable: see unstable_tseries.",
     "begin { @ = tseries(5, 100ms, 10, \"sum\"); }"},
};
static_assert(std::size(kBuiltins) == static_cast<size_t>(BuiltinId::TSeries) + 1);

bool is_numbered_argument(std::string_view name) {
  return name.size() > 3 && name.size() <= 6 && name.starts_with("arg") &&
         std::all_of(name.begin() + 3, name.end(), [](unsigned char c) { return std::isdigit(c); });
}

}  // namespace

std::span<const Builtin> builtins() { return kBuiltins; }

const Builtin& builtin(BuiltinId id) { return kBuiltins[static_cast<size_t>(id)]; }

const Builtin* find_builtin(std::string_view name) {
  if (is_numbered_argument(name)) return &builtin(BuiltinId::ArgN);
  for (const Builtin& row : kBuiltins) {
    if (row.id != BuiltinId::ArgN && name == row.name) return &row;
  }
  return nullptr;
}

bool is_planned_builtin(std::string_view name) {
  constexpr std::string_view kPlanned[] = {
      "bswap",         "cat",          "cgroup",        "cgroup_path",
      "cgroupid",      "config",       "debugf",        "default_str_length",
      "dw_ustack",     "has_cpid",     "kaddr",         "kfunc_allowed",
      "kfunc_exist",   "leader_comm",  "leader_tid",    "macaddr",
      "memcmp",        "ntop",         "override",      "path",
      "pcomm",         "percpu_kaddr", "ppid",          "pton",
      "signal",        "signal_name",  "signal_thread", "skboutput",
      "socket_cookie", "str_concat",   "strcap",        "strcontains",
      "strerror",      "strlen",       "strncmp",       "strstr",
      "syscall_name",  "system",       "uaddr",         "unwatch",
      "usermode",      "write_user"};
  return std::find(std::begin(kPlanned), std::end(kPlanned), name) != std::end(kPlanned);
}

}  // namespace gimlet::ast
