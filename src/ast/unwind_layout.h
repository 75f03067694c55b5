// How programs find the callers of a function that keeps no frame pointer (dw_ustack): the memory
// that the runtime fills from .eh_frame sections and programs search.
//
//   rows       one array for all files; those of a file lie together, in order of address
//   mappings   one array for all processes; those of a process lie together, in order of address
//   processes  a hash: process id -> where its mappings lie
//
// Both arrays are only ever appended to, so that a program never reads what is half written.
#pragma once

#include <cstdint>

namespace gimlet::ast {

// How the canonical frame address (CFA) is found: the stack pointer before the call.
enum class FrameRule : uint8_t {
  Unknown,       // the table does not tell, or in a way that programs cannot follow
  StackPointer,  // rsp + offset
  FramePointer,  // rbp + offset
  Linkage,       // in .plt: rsp + 8, or rsp + 16 behind the instruction that pushes
  Signal,        // the kernel saved all registers when it ran a signal handler
  Outermost,     // nobody called
};

// From `address` up to the next row. The return address lies below the CFA.
struct UnwindRow {
  uint32_t address;  // from the base of the file's rows
  uint16_t rule;     // a FrameRule in the low kFrameRuleBits bits, above them offset / 8
  int16_t saved;     // where the caller's rbp lies: CFA + 8 * saved; 0: rbp is unchanged
};
constexpr uint32_t kFrameRuleBits = 3;
constexpr uint32_t kMostFrameOffset = 8 * ((1 << (16 - kFrameRuleBits)) - 1);  // bytes
constexpr uint32_t kUnwindRowSteps = 21;      // a file has fewer rows than 2 to the power of this
constexpr uint32_t kUnwindMappingSteps = 12;  // likewise the mappings of a process

// Executable memory of a process with rows.
struct UnwindMapping {
  uint64_t begin, end;
  uint64_t base;  // address minus this is what the rows count
  uint32_t first_row, row_count;
};

// The value in `processes`; the key is the process id as 8 bytes.
struct UnwindProcess {
  uint32_t first_mapping, mapping_count;
};

// Where registers lie in a signal frame, from its CFA - 8, and how many bytes hold them all.
constexpr uint32_t kSignalFrame = 120, kSignalFrameSize = 56;  // from rsp
constexpr uint32_t kSignalFramePointer = 0, kSignalStackPointer = 40, kSignalAddress = 48;

// The last frame of a stack whose unwinding broke off.
constexpr uint64_t kUnwindFailure = UINT64_MAX;

}  // namespace gimlet::ast
