// The table of builtin values and functions: one row each. Name binding, semantic checks, help, and
// the generated reference read it; a row's typing is one function in ast/sema/builtin_types and its
// code is one function in codegen/lower_builtins. See docs/adding-a-builtin.md.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace gimlet::ast {

enum class BuiltinId : uint8_t {
  // values
  Pid,
  Tid,
  Uid,
  Gid,
  Comm,
  Nsecs,
  Elapsed,
  Cpu,
  Curtask,
  Args,
  ArgN,
  Retval,
  ProbeName,
  ProbeType,
  Func,
  Rand,
  Ctx,
  Ncpus,
  Cpid,
  Username,
  KernelStack,
  UserStack,
  DwarfStack,
  Jiffies,
  NumaId,
  Cgroup,
  HasCpid,
  Usermode,
  ConfigRecord,
  // functions
  Printf,
  Print,
  Str,
  Exit,
  Clear,
  Zero,
  Delete,
  HasKey,
  Len,
  Time,
  Strftime,
  Join,
  Ksym,
  Usym,
  Buf,
  Kptr,
  Uptr,
  Reg,
  Find,
  IsScalar,
  IsLiteral,
  Fail,
  Errorf,
  Warnf,
  GetOpt,
  System,
  Cat,
  Debugf,
  Kaddr,
  PercpuKaddr,
  Signal,
  SignalThread,
  WriteUser,
  Override,
  Path,
  KfuncExist,
  KfuncAllowed,
  CgroupId,
  SocketCookie,
  Strlen,
  Strcap,
  Strncmp,
  Strstr,
  StrConcat,
  Memcmp,
  Bswap,
  DefaultStrLength,
  AssertStr,
  Strerror,
  SignalName,
  SyscallName,
  Ntop,
  Pton,
  MacAddr,
  CgroupPath,
  SkbOutput,
  Unwatch,
  Uaddr,
  // aggregations
  Count,
  Sum,
  Avg,
  Min,
  Max,
  Stats,
  Hist,
  LHist,
  TSeries,
};

enum class BuiltinForm : uint8_t {
  Value,     // `name`, also `name()`
  Function,  // `name(...)`
  Either,    // `name` or `name(arguments)`
};

enum class BuiltinMode : uint8_t {
  Sync,   // computed in the BPF program
  Async,  // carried out by user space when the event is handled
  CompileTime,
  Aggregation,  // only as the whole right side of a map assignment
};

constexpr uint32_t kUnlimitedArguments = 128;

struct Builtin {
  BuiltinId id;
  const char* name;
  BuiltinForm form;
  BuiltinMode mode;
  uint32_t min_arguments;
  uint32_t max_arguments;
  uint32_t needs;          // set of provider Offers; 0 = available in every probe
  const char* signature;   // "str(pointer [, length])"
  const char* result;      // "uint32", "string[length + 1]", "void", ...
  const char* summary;     // one or two sentences
  const char* example;     // a complete program that ends by itself
  bool is_unsafe = false;  // only with --unsafe
};

std::span<const Builtin> builtins();
const Builtin& builtin(BuiltinId id);
// `arg0`.. are found as ArgN. Null if there is none.
const Builtin* find_builtin(std::string_view name);

}  // namespace gimlet::ast
