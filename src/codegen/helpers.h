// The kernel's BPF helpers that programs call, by their numbers in the kernel's ABI (enum
// bpf_func_id of linux/bpf.h). A call is a call of the number as if it were a function's address;
// the BPF backend turns that into the helper call instruction. Nothing here is newer than
// Linux 6.1.
#pragma once

#include <cstdint>

namespace gimlet::codegen {

enum class Helper : uint32_t {
  MapLookup = 1,
  MapUpdate = 2,
  MapDelete = 3,
  ProbeRead = 4,
  KtimeGetNs = 5,
  TracePrintk = 6,
  GetPrandom = 7,
  GetProcessorId = 8,
  GetPidTgid = 14,
  GetUidGid = 15,
  GetComm = 16,
  GetTask = 35,
  ProbeWriteUser = 36,
  GetNumaNodeId = 42,
  ProbeReadStr = 45,
  GetSocketCookie = 46,
  OverrideReturn = 58,
  GetStack = 67,
  GetCgroupId = 80,
  SendSignal = 109,
  SkbOutput = 111,
  ProbeReadUser = 112,
  ProbeReadKernel = 113,
  ProbeReadUserStr = 114,
  ProbeReadKernelStr = 115,
  SendSignalThread = 117,
  Jiffies64 = 118,
  KtimeGetBootNs = 125,
  RingbufOutput = 130,
  RingbufReserve = 131,
  RingbufSubmit = 132,
  RingbufDiscard = 133,
  DPath = 147,
  PerCpuPtr = 153,
  ThisCpuPtr = 154,
  GetTaskBtf = 158,
  ForEachMapElement = 164,
  GetNsPidTgid = 120,
  SeqPrintf = 126,
  SeqWrite = 127,
  GetFuncIp = 173,
  GetAttachCookie = 174,
  TaskPtRegs = 175,
  Loop = 181,
  GetFuncArg = 183,
  GetFuncRet = 184,
  MapLookupPerCpu = 195,
  KtimeGetTaiNs = 208,
};

// Flags of the helpers above.
constexpr uint64_t kUpdateAny = 0;
constexpr uint64_t kUpdateNoExist = 1;
constexpr uint64_t kRingNoWakeup = 1;
constexpr uint64_t kRingForceWakeup = 2;
constexpr uint64_t kUserStackFlag = 256;
constexpr uint64_t kCurrentCpu = 0xffffffff;

}  // namespace gimlet::codegen
