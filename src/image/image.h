// Image: a compiled program as plain data. Everything the runtime needs is here; nothing in it
// refers to the tree, to LLVM or to the machine it was compiled on.
//
// The object is a BPF ELF file for libbpf:
//   - one function per program, each in a section of its own; the section's name tells libbpf
//   nothing
//     ("gimlet/NAME"): the runtime sets type and target from the ProgramPlan;
//   - every Hash and PerCpuHash map is a BTF-defined map in ".maps" under its kernel_name;
//   - every Scalar and PerCpuScalar map is a variable in a section ".data.KERNEL_NAME";
//   - ".maps" also has the ring buffer "ringbuf";
//   - ".data.gimlet_ctl" holds one Control; ".rodata" holds one Constants (symbol
//   gimlet_constants);
//   - programs with dw_ustack have the arrays ".data.gimlet_rows" and ".data.gimlet_maps" and the
//   hash
//     "unwind" (ast/unwind_layout.h);
//   - ".data.gimlet_cpu" is the per-CPU area: CPU n's part starts at n * cpu_area_stride. It begins
//     with one uint64 for each event, counting records that found no room, then one uint64 counting
//     skipped programs, then the programs' scratch memory.
// The runtime creates every map itself (so that images of a session share them, and so that per-CPU
// areas get one slot for each possible CPU) and hands the descriptors to libbpf.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ast/event_plan.h"
#include "ast/map_plan.h"
#include "ast/mechanism.h"
#include "ast/target.h"
#include "ast/type.h"
#include "ast/typed_program.h"

namespace gimlet::image {

// Written by the runtime before loading; the kernel's verifier sees these as constants.
struct Constants {
  uint32_t cpu_mask;   // number of possible CPUs rounded up to a power of two, minus one
  uint32_t cpu_count;  // number of possible CPUs
  uint32_t image;      // RecordHeader::image
  // dw_ustack: sizes of the arrays of rows and of mappings (ast/unwind_layout.h), minus one; sizes
  // are powers of two.
  uint32_t unwind_row_mask;
  uint32_t unwind_mapping_mask;
  uint32_t unused;
};

// What a program writes in front of a packet that skboutput() hands over.
struct PacketHeader {
  ast::RecordHeader record;
  uint64_t time_ns;  // boot clock
  uint64_t length;   // bytes of the packet that follow
};

// Shared memory between programs and the runtime.
struct Control {
  // 1 while the runtime sleeps and wants to be woken by the next record. A program that sends a
  // record exchanges it for 0 and, if it was 1, asks the ring buffer to wake the consumer.
  uint32_t waiting;
  // 1 from the end of the run on: programs that are still attached do nothing. So all of them stop
  // at one moment, however long it takes to detach them.
  uint32_t stopped;
  uint64_t zero;      // always 0, which only the runtime knows
  uint64_t start_ns;  // boot clock at the start of tracing, for `elapsed`
  uint64_t tai_ns;    // what makes TAI of the boot clock, as measured at the start
  // An exit() whose record found no room: its status in the lowest 8 bits, above it one more than
  // the image's number.
  uint64_t lost_exit;
};

// The first call of a helper in a program: where to point if the kernel refuses the helper.
struct HelperCall {
  uint32_t helper = 0;  // by its number in the kernel
  base::SourceRange range;
};

struct ProgramPlan {
  std::string name;     // function symbol and kernel-visible name (cut to 15 bytes)
  std::string section;  // ELF section of the function
  ast::ProviderId provider{};
  ast::Mechanism mechanism = ast::Mechanism::Native;
  bool btf_context = false;  // load as BPF_PROG_TYPE_TRACING
  std::vector<ast::Target> targets;
  base::SourceRange range;  // of the probe in the source
  std::vector<HelperCall> helpers;
};

// Layout of the per-CPU area (see above), in bytes.
struct CpuArea {
  uint32_t stride = 0;
  uint32_t skipped_offset = 0;
  uint32_t scratch_offset = 0;
};

struct Image {
  std::vector<uint8_t> object;
  // Imported code that `object` calls. The runtime links them; maps and data of theirs are their
  // own.
  std::vector<ast::ExternalObject> external_objects;
  std::vector<ProgramPlan> programs;  // in source order
  std::vector<ast::MapPlan> maps;
  std::vector<ast::EventPlan> events;  // the program's, then those that codegen added for failures
  std::map<std::string, ast::StructLayout> structs;
  std::map<std::string, ast::EnumLayout> enums;
  ast::Config config;
  CpuArea cpu_area;
  bool unwinds = false;  // has dw_ustack: wants the maps of ast/unwind_layout.h
  bool stops = false;    // programs look at Control::stopped; else detaching stops them at once
};

}  // namespace gimlet::image
