#include "kernel/go_functions.h"

#include <elf.h>
#include <fmt/format.h>
#include <gelf.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "kernel/instruction_length.h"

namespace gimlet::kernel {
namespace {

constexpr uint64_t kLargestFunction = 16U << 20;

bool has_section(Elf* elf, std::string_view wanted) {
  size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0) return false;
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
    GElf_Shdr header;
    if (!gelf_getshdr(section, &header)) continue;
    const char* name = elf_strptr(elf, names, header.sh_name);
    if (name && name == wanted) return true;
  }
  return false;
}

// cmp 16(REGISTER), REGISTER with the limit of the stack; 24 in functions of the runtime.
bool compares_limit(std::span<const uint8_t> code) {
  const bool form = code.size() >= 4 && (code[0] & 0xfa) == 0x48 && code[1] == 0x3b;
  return form && code[2] >> 6 == 1 && (code[3] == 16 || code[3] == 24);
}

bool jumps_if_below(std::span<const uint8_t> code) {
  return code[0] == 0x76 || (code.size() > 1 && code[0] == 0x0f && code[1] == 0x86);
}

bool returns(std::span<const uint8_t> code) {
  return code[0] == 0xc3 || code[0] == 0xc2 ||
         (code.size() > 1 && code[0] == 0xf3 && code[1] == 0xc3);
}

base::Status find_x86_returns(const FunctionSymbol& function, std::span<const uint8_t> code,
                              std::vector<uint64_t>& offsets) {
  for (size_t at = 0; at < code.size();) {
    const uint32_t length = x86_instruction_length(code.subspan(at));
    if (length == 0) {
      return base::Error{fmt::format("an instruction is not known: {}+{}", function.name, at), {}};
    }
    if (returns(code.subspan(at))) offsets.push_back(function.file_offset + at);
    at += length;
  }
  return base::Done{};
}

void find_arm64_returns(const FunctionSymbol& function, std::span<const uint8_t> code,
                        std::vector<uint64_t>& offsets) {
  constexpr uint32_t kReturn = 0xd65f03c0;
  for (size_t at = 0; at + 4 <= code.size(); at += 4) {
    uint32_t instruction = 0;
    std::memcpy(&instruction, code.data() + at, sizeof instruction);
    if (instruction == kReturn) offsets.push_back(function.file_offset + at);
  }
}

}  // namespace

std::optional<GoCode> find_go_code(const ElfFile& file) {
  if (!has_section(file.elf(), ".gopclntab") &&
      !has_section(file.elf(), ".data.rel.ro.gopclntab") &&
      !has_section(file.elf(), ".go.buildinfo")) {
    return std::nullopt;
  }
  // Functions of C that are linked in lie outside.
  const auto begin = file.symbol("runtime.text"), end = file.symbol("runtime.etext");
  if (!begin || !end) return std::nullopt;
  return GoCode{begin->address, end->address};
}

uint32_t stack_check_length(std::span<const uint8_t> code) {
  constexpr int kMostInstructions = 6;
  size_t at = 0;
  bool compared = false;
  for (int i = 0; i < kMostInstructions && at < code.size(); i++) {
    const auto rest = code.subspan(at);
    const uint32_t length = x86_instruction_length(rest);
    if (length == 0 || returns(rest)) return 0;
    at += length;
    if (compared) return jumps_if_below(rest) ? static_cast<uint32_t>(at) : 0;
    compared = compares_limit(rest);
  }
  return 0;
}

base::Result<GoFunction> read_go_function(const ElfFile& file, const FunctionSymbol& function) {
  GElf_Ehdr header;
  if (!gelf_getehdr(file.elf(), &header)) return base::Error{"the file cannot be read", {}};
  if (function.size > kLargestFunction) return base::Error{"the function is too large", {}};
  std::vector<uint8_t> code(function.size);
  auto read = file.read_bytes(function.file_offset, code.data(), code.size());
  if (!read.ok()) return read.error();
  code.resize(*read);
  GoFunction found;
  if (header.e_machine == EM_AARCH64) {
    find_arm64_returns(function, code, found.returns);
    return found;
  }
  if (header.e_machine != EM_X86_64) {
    return base::Error{"the instructions of this machine are not known", {}};
  }
  found.entry = stack_check_length(code);
  auto status = find_x86_returns(function, code, found.returns);
  if (!status.ok()) return status.error();
  return found;
}

}  // namespace gimlet::kernel
