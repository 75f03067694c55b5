// USDT markers: places that a program's author has marked as worth tracing, with their arguments
// (probes-and-stdlib B2.10).
//
// A marker is a `nop` in the code and a note in the file that says where it lies and where its
// arguments are at that moment: each in a register, in memory, or constant. The compiler may have
// copied the code around a marker, so that one marker has several locations, each with arguments at
// other places.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gimlet::ast {

struct UsdtArgument {
  enum class Form : uint8_t {
    Unknown,   // an operand that cannot be read from here: a vector register, for example
    Constant,  // `number`
    Register,  // `base`, shifted to the right
    Memory,    // `size` bytes at base + index * scale + number
  };
  Form form = Form::Unknown;
  uint8_t size = 8;  // 1, 2, 4, 8 bytes
  bool is_signed = false;
  std::string base;   // a register as reg() names it; memory: may be empty
  uint8_t shift = 0;  // bits; 8 for registers such as %ah
  std::string index;  // as `base`; empty if there is none
  uint8_t scale = 1;
  int64_t number = 0;

  bool operator==(const UsdtArgument&) const = default;
};

struct UsdtLocation {
  uint64_t address = 0;           // ELF virtual address of the nop
  uint64_t file_offset = 0;       // where it lies in the file
  uint64_t semaphore_offset = 0;  // file offset of the 16-bit counter of tracers; 0: there is none
  // Locations whose arguments lie at the same places have the same number.
  uint32_t arguments_number = 0;
  std::vector<UsdtArgument> arguments;
};

// What a program can ask for, to know at which location it runs: its address, which has at most 48
// bits, above the number of its arguments.
constexpr uint32_t kUsdtCookieShift = 16;
constexpr uint64_t usdt_cookie(const UsdtLocation& location) {
  return location.address << kUsdtCookieShift | location.arguments_number;
}

struct UsdtMarker {
  std::string provider;
  std::string name;
  std::vector<UsdtLocation> locations;  // by address
};

// More arguments than the note format's macros can describe; further ones are left out.
constexpr size_t kUsdtArguments = 12;

}  // namespace gimlet::ast
