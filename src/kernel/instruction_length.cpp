// The x86 tables follow the opcode maps of the processor manuals (Intel SDM volume 2, appendix A).
#include "kernel/instruction_length.h"

#include <fmt/format.h>
#include <gelf.h>
#include <unistd.h>

#include <string_view>
#include <vector>

namespace gimlet::kernel {
namespace {

// One letter for each opcode of a map, 16 a row:
//   . nothing follows        m ModRM               b ModRM, 1 byte       i ModRM, 4 bytes (2)
//   1 1 byte                 2 2 bytes             4 4 bytes (2)         r 4 bytes, always
//   3 3 bytes (enter)        8 4 bytes, 8 with REX.W (mov)               a 8-byte address
//   t group 3: ModRM, and an immediate only for test                     - not in 64-bit mode
// "(2)": 2 bytes with an operand-size prefix.
constexpr std::string_view kOneByte =
    "mmmm14--mmmm14--"
    "mmmm14--mmmm14--"
    "mmmm14--mmmm14--"
    "mmmm14--mmmm14--"
    "----------------"  // REX, taken as prefixes
    "................"
    "---m----4i1b...."
    "1111111111111111"
    "bi-bmmmmmmmmmmmm"
    "..........-....."
    "aaaa....14......"
    "1111111188888888"
    "bb2.--bi3.2..1-."
    "mmmm---.mmmmmmmm"
    "11111111rr-1...."
    "......tt......mm";

// After 0f.
constexpr std::string_view kTwoByte =
    "mmmm-.....-.-m.-"
    "mmmmmmmmmmmmmmmm"
    "mmmmmmmmmmmmmmmm"
    "........--------"  // 38 and 3a lead to further maps
    "mmmmmmmmmmmmmmmm"
    "mmmmmmmmmmmmmmmm"
    "mmmmmmmmmmmmmmmm"
    "bbbbmmm.mmmmmmmm"
    "rrrrrrrrrrrrrrrr"
    "mmmmmmmmmmmmmmmm"
    "...mbm--...mbmmm"
    "mmmmmmmmmmbmmmmm"
    "mmbmbbbm........"
    "mmmmmmmmmmmmmmmm"
    "mmmmmmmmmmmmmmmm"
    "mmmmmmmmmmmmmmmm";
static_assert(kOneByte.size() == 256 && kTwoByte.size() == 256);

class Decoder {
 public:
  explicit Decoder(std::span<const uint8_t> code) : code_(code) {}

  uint32_t length() {
    take_prefixes();
    if (!whole_) return 0;
    const uint8_t opcode = take();
    bool known = false;
    if (opcode == 0xc4 || opcode == 0xc5 || opcode == 0x62) {
      known = take_vector(opcode);
    } else if (opcode == 0x8f && whole_ && at_ < code_.size() && (code_[at_] & 0x1f) >= 8) {
      known = take_xop();
    } else if (opcode == 0x0f) {
      known = take_escaped();
    } else {
      known = follow(kOneByte[opcode]);
    }
    return known && whole_ && at_ <= 15 ? at_ : 0;
  }

 private:
  uint8_t take() {
    if (at_ >= code_.size()) {
      whole_ = false;
      return 0;
    }
    return code_[at_++];
  }
  void skip(uint32_t bytes) {
    at_ += bytes;
    if (at_ > code_.size()) whole_ = false;
  }

  void take_prefixes() {
    for (; at_ < code_.size(); at_++) {
      const uint8_t byte = code_[at_];
      if ((byte & 0xf0) == 0x40) {
        wide_ = byte & 8;
        at_++;
        // Only the last byte before the opcode counts as REX.
        if (at_ < code_.size() && is_legacy_prefix(code_[at_])) {
          wide_ = false;
          at_--;
          continue;
        }
        return;
      }
      if (!is_legacy_prefix(byte)) return;
      if (byte == 0x66) short_operand_ = true;
      if (byte == 0x67) short_address_ = true;
    }
    whole_ = false;
  }
  static bool is_legacy_prefix(uint8_t byte) {
    constexpr uint8_t kPrefixes[] = {0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x2e,
                                     0x36, 0x3e, 0x26, 0x64, 0x65};
    for (const uint8_t prefix : kPrefixes) {
      if (byte == prefix) return true;
    }
    return false;
  }

  // The ModRM byte, and the SIB byte and displacement that it asks for. Returns its middle field.
  uint8_t take_operand() {
    const uint8_t mode = take();
    const uint8_t kind = mode >> 6, base = mode & 7;
    if (kind == 3) return mode >> 3 & 7;
    bool no_base = kind == 0 && base == 5;  // relative to the next instruction
    if (base == 4) no_base = (take() & 7) == 5 && kind == 0;
    if (kind == 1) {
      skip(1);
    } else if (kind == 2 || no_base) {
      skip(4);
    }
    return mode >> 3 & 7;
  }

  uint32_t immediate() const { return short_operand_ && !wide_ ? 2 : 4; }

  bool follow(char what) {
    switch (what) {
      case '.': return true;
      case 'm': take_operand(); return true;
      case 'b':
        take_operand();
        skip(1);
        return true;
      case 'i':
        take_operand();
        skip(immediate());
        return true;
      case '1': skip(1); return true;
      case '2': skip(2); return true;
      case '3': skip(3); return true;
      case '4': skip(immediate()); return true;
      case 'r': skip(4); return true;
      case '8': skip(wide_ ? 8 : immediate()); return true;
      case 'a': skip(short_address_ ? 4 : 8); return true;
      case 't': {
        const bool bytes = code_[at_ - 1] == 0xf6;
        if (take_operand() < 2) skip(bytes ? 1 : immediate());
        return true;
      }
      default: return false;
    }
  }

  bool take_escaped() {
    const uint8_t opcode = take();
    if (opcode == 0x38) {
      take();
      take_operand();
      return true;
    }
    if (opcode == 0x3a) {
      take();
      take_operand();
      skip(1);
      return true;
    }
    if (opcode == 0x0f) {  // 3DNow!: its opcode stands behind the operands
      take_operand();
      skip(1);
      return true;
    }
    return follow(kTwoByte[opcode]);
  }

  // VEX (c4, c5) and EVEX (62): a map number in the prefix stands for the escape bytes.
  bool take_vector(uint8_t prefix) {
    uint8_t map = 1;
    if (prefix == 0xc5) {
      skip(1);
    } else if (prefix == 0xc4) {
      map = take() & 0x1f;
      skip(1);
    } else {
      map = take() & 0x07;
      skip(2);
    }
    const uint8_t opcode = take();
    if (map == 1 && prefix != 0x62 && opcode == 0x77) return true;  // vzeroupper
    take_operand();
    const bool has_byte = map == 3 || (map == 1 && kTwoByte[opcode] == 'b');
    if (has_byte) skip(1);
    return map >= 1 && map <= 7 && map != 4;
  }

  // AMD's XOP.
  bool take_xop() {
    const uint8_t map = take() & 0x1f;
    skip(1);
    take();
    take_operand();
    if (map == 8) skip(1);
    if (map == 10) skip(4);
    return map >= 8 && map <= 10;
  }

  std::span<const uint8_t> code_;
  uint32_t at_ = 0;
  bool whole_ = true;
  bool wide_ = false;
  bool short_operand_ = false;
  bool short_address_ = false;
};

constexpr uint64_t kLongestWalk = 16U << 20;

}  // namespace

uint32_t x86_instruction_length(std::span<const uint8_t> code) {
  return Decoder(code.first(std::min<size_t>(code.size(), 15))).length();
}

base::Result<bool> instruction_starts(const ElfFile& file, const FunctionSymbol& function,
                                      uint64_t address) {
  const uint64_t distance = address - function.address;
  if (distance == 0) return true;
  GElf_Ehdr header;
  if (!gelf_getehdr(file.elf(), &header)) return base::Error{"the file cannot be read", {}};
  if (header.e_machine == EM_AARCH64) return distance % 4 == 0;
  if (header.e_machine != EM_X86_64) {
    return base::Error{"the instructions of this machine are not known", {}};
  }
  if (distance > kLongestWalk) return base::Error{"the function is too large", {}};
  std::vector<uint8_t> code(distance + 15);
  auto read = file.read_bytes(function.file_offset, code.data(), code.size());
  if (!read.ok()) return read.error();
  code.resize(*read);
  for (uint64_t at = 0; at < distance;) {
    if (at >= code.size()) return base::Error{"the function's code is not in the file", {}};
    const uint32_t length = x86_instruction_length(std::span(code).subspan(at));
    if (length == 0) {
      return base::Error{fmt::format("an instruction is not known: {}+{}", function.name, at), {}};
    }
    at += length;
    if (at == distance) return true;
  }
  return false;
}

}  // namespace gimlet::kernel
