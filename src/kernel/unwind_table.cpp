// The functions come from the sorted table in .eh_frame_hdr; libdw gives one row after the other of
// each. Gaps between functions become rows without a rule.
#include "kernel/unwind_table.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

#include "kernel/elf.h"

namespace gimlet::kernel {
namespace {

using ast::FrameRule;
using ast::UnwindRow;

// Numbers of registers in DWARF for x86_64.
constexpr int kFramePointer = 6, kStackPointer = 7, kReturnAddress = 16;

struct CloseCfi {
  void operator()(Dwarf_CFI* cfi) const { dwarf_cfi_end(cfi); }
};
struct FreeFrame {
  void operator()(Dwarf_Frame* frame) const { std::free(frame); }
};

UnwindRow row_without_rule() { return {0, static_cast<uint16_t>(FrameRule::Unknown), 0}; }

uint16_t pack(FrameRule rule, uint64_t offset) {
  return static_cast<uint16_t>(static_cast<uint64_t>(rule) | offset / 8 << ast::kFrameRuleBits);
}

// The rule for the CFA, packed; nothing if programs cannot follow it.
std::optional<uint16_t> frame_rule(Dwarf_Frame* frame, bool is_signal) {
  Dwarf_Op* ops = nullptr;
  size_t count = 0;
  if (dwarf_frame_cfa(frame, &ops, &count) != 0 || count == 0) return std::nullopt;
  if (is_signal) return pack(FrameRule::Signal, 0);
  if (count == 1 && ops[0].atom == DW_OP_bregx) {
    const auto offset = static_cast<int64_t>(ops[0].number2);
    if (offset < 0 || offset % 8 != 0 || offset > ast::kMostFrameOffset) return std::nullopt;
    if (ops[0].number == kStackPointer) {
      return pack(FrameRule::StackPointer, static_cast<uint64_t>(offset));
    }
    if (ops[0].number == kFramePointer) {
      return pack(FrameRule::FramePointer, static_cast<uint64_t>(offset));
    }
    return std::nullopt;
  }
  // The linker's own: rsp + 8 + ((rip & 15) >= 11) * 8.
  const bool linkage = count == 9 && ops[0].atom == DW_OP_breg7 && ops[1].atom == DW_OP_breg16 &&
                       ops[2].atom == DW_OP_lit15 && ops[4].atom == DW_OP_lit11;
  if (linkage) return pack(FrameRule::Linkage, 0);
  return std::nullopt;
}

// Where a register of the caller was saved, from the CFA, in units of 8 bytes; 0: it was not.
// Nothing if it is somewhere else.
std::optional<int16_t> saved_at(Dwarf_Frame* frame, int number) {
  Dwarf_Op memory[3];
  Dwarf_Op* ops = nullptr;
  size_t count = 0;
  if (dwarf_frame_register(frame, number, memory, &ops, &count) != 0) return std::nullopt;
  if (count == 0) return int16_t{0};
  int64_t offset = 0;
  if (ops[0].atom != DW_OP_call_frame_cfa || count > 2) return std::nullopt;
  if (count == 2) {
    if (ops[1].atom != DW_OP_plus_uconst) return std::nullopt;
    offset = static_cast<int64_t>(ops[1].number);
  }
  const int64_t words = offset / 8;
  if (offset % 8 != 0 || words < INT16_MIN || words >= 0) return std::nullopt;
  return static_cast<int16_t>(words);
}

// No rule leads to the return address: the function has no caller.
bool is_outermost(Dwarf_Frame* frame) {
  Dwarf_Op memory[3];
  Dwarf_Op* ops = memory;
  size_t count = 0;
  return dwarf_frame_register(frame, kReturnAddress, memory, &ops, &count) == 0 && count == 0 &&
         ops == memory;
}

UnwindRow row_of(Dwarf_Frame* frame, bool is_signal) {
  UnwindRow row = row_without_rule();
  if (!is_signal && is_outermost(frame)) {
    row.rule = pack(FrameRule::Outermost, 0);
    return row;
  }
  const auto rule = frame_rule(frame, is_signal);
  if (!rule) return row;
  if (!is_signal) {
    if (saved_at(frame, kReturnAddress) != int16_t{-1}) return row;
    const auto saved = saved_at(frame, kFramePointer);
    if (!saved) return row;
    row.saved = *saved;
  }
  row.rule = *rule;
  return row;
}

// The functions' starts. The header has one encoding in practice: signed 32-bit distances, sorted.
std::optional<std::vector<uint64_t>> function_starts(Elf* elf) {
  constexpr uint8_t kDistanceFromHeader = DW_EH_PE_datarel | DW_EH_PE_sdata4;
  size_t count = 0;
  if (elf_getphdrnum(elf, &count) != 0) return std::nullopt;
  for (size_t i = 0; i < count && i <= INT32_MAX; i++) {
    GElf_Phdr header;
    if (!gelf_getphdr(elf, static_cast<int>(i), &header)) break;
    if (header.p_type != PT_GNU_EH_FRAME) continue;
    Elf_Data* data = elf_getdata_rawchunk(elf, static_cast<int64_t>(header.p_offset),
                                          header.p_filesz, ELF_T_BYTE);
    constexpr size_t kEntries = 12;  // behind version, encodings, place of .eh_frame, count
    if (!data || data->d_size < kEntries) return std::nullopt;
    const auto* bytes = static_cast<const uint8_t*>(data->d_buf);
    if (bytes[0] != 1 || bytes[2] != DW_EH_PE_udata4 || bytes[3] != kDistanceFromHeader) {
      return std::nullopt;
    }
    uint32_t entries = 0;
    memcpy(&entries, bytes + 8, sizeof(entries));
    if (entries > (data->d_size - kEntries) / 8) return std::nullopt;
    std::vector<uint64_t> starts;
    starts.reserve(entries);
    for (uint32_t n = 0; n < entries; n++) {
      int32_t distance = 0;
      memcpy(&distance, bytes + kEntries + 8 * size_t{n}, sizeof(distance));
      starts.push_back(header.p_vaddr + static_cast<uint64_t>(int64_t{distance}));
    }
    return starts;
  }
  return std::nullopt;
}

std::vector<UnwindTable::Segment> code_segments(Elf* elf) {
  std::vector<UnwindTable::Segment> segments;
  size_t count = 0;
  if (elf_getphdrnum(elf, &count) != 0) return segments;
  for (size_t i = 0; i < count && i <= INT32_MAX; i++) {
    GElf_Phdr header;
    if (!gelf_getphdr(elf, static_cast<int>(i), &header)) break;
    if (header.p_type != PT_LOAD || !(header.p_flags & PF_X)) continue;
    segments.push_back({header.p_offset, header.p_vaddr, header.p_filesz});
  }
  return segments;
}

class TableBuilder {
 public:
  TableBuilder(UnwindTable& table, Dwarf_CFI* cfi) : table_(table), cfi_(cfi) {}

  // Rows for [begin, end): a function, and what lies between it and the next one.
  void add(uint64_t begin, uint64_t end) {
    uint64_t at = begin;
    while (at < end) {
      Dwarf_Frame* found = nullptr;
      if (dwarf_cfi_addrframe(cfi_, at, &found) != 0) break;
      const std::unique_ptr<Dwarf_Frame, FreeFrame> frame(found);
      Dwarf_Addr from = 0, to = 0;
      bool is_signal = false;
      if (dwarf_frame_info(frame.get(), &from, &to, &is_signal) < 0 || to <= at) break;
      append(at, row_of(frame.get(), is_signal));
      at = to;
    }
    // Shorter gaps are padding, where nothing runs.
    constexpr uint64_t kAlignment = 16;
    if (end - at >= kAlignment) append(at, row_without_rule());
  }

 private:
  void append(uint64_t address, UnwindRow row) {
    row.address = static_cast<uint32_t>(address - table_.base);
    const bool same = !table_.rows.empty() && table_.rows.back().rule == row.rule &&
                      table_.rows.back().saved == row.saved;
    if (!same) table_.rows.push_back(row);
  }

  UnwindTable& table_;
  Dwarf_CFI* cfi_;
};

base::Result<UnwindTable> build(Elf* elf, const std::string& name) {
  GElf_Ehdr header;
  if (!gelf_getehdr(elf, &header) || header.e_machine != EM_X86_64) {
    return base::Error{fmt::format("{}: not a program for x86_64", name), {}};
  }
  const auto starts = function_starts(elf);
  if (!starts || starts->empty()) {
    return base::Error{fmt::format("{}: has no table for unwinding (.eh_frame_hdr)", name), {}};
  }
  const std::unique_ptr<Dwarf_CFI, CloseCfi> cfi(dwarf_getcfi_elf(elf));
  if (!cfi) return base::Error{fmt::format("{}: {}", name, dwarf_errmsg(-1)), {}};
  UnwindTable table;
  table.base = starts->front();
  table.segments = code_segments(elf);
  TableBuilder builder(table, cfi.get());
  for (size_t i = 0; i < starts->size(); i++) {
    const bool last = i + 1 == starts->size();
    builder.add((*starts)[i], last ? UINT64_MAX : (*starts)[i + 1]);
  }
  constexpr size_t kMost = (size_t{1} << ast::kUnwindRowSteps) - 1;
  if (table.rows.size() > kMost || starts->back() - table.base > UINT32_MAX) {
    return base::Error{fmt::format("{}: its table for unwinding is too large", name), {}};
  }
  return table;
}

}  // namespace

base::Result<UnwindTable> read_unwind_table(const std::string& path) {
  auto file = ElfFile::open(path);
  if (!file) return file.error();
  return build(file->elf(), path);
}

base::Result<UnwindTable> read_unwind_table(const void* image, size_t size) {
  elf_version(EV_CURRENT);
  struct Close {
    void operator()(Elf* elf) const { elf_end(elf); }
  };
  // libelf wants a pointer that it could write through, and does not.
  const std::unique_ptr<Elf, Close> elf(
      elf_memory(static_cast<char*>(const_cast<void*>(image)), size));
  if (!elf) return base::Error{"[vdso]: not an ELF image", {}};
  return build(elf.get(), "[vdso]");
}

}  // namespace gimlet::kernel
