// The kernel's symbols, from /proc/kallsyms: functions of the image, of modules and of BPF
// programs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/symbols.h"

namespace gimlet::runtime {

class KernelSymbols {
 public:
  // Reads the table at the first call, and again (at most once a second) for an unknown address.
  std::optional<SymbolName> find(uint64_t address);

  // Replaces the table by this text of kallsyms' form.
  void parse(std::string text);

 private:
  struct Entry {
    uint64_t address;
    uint32_t name;  // offset into text_
    uint32_t length;
  };
  std::optional<SymbolName> look_up(uint64_t address) const;
  void read();

  std::string text_;
  std::vector<Entry> entries_;  // by address
  uint64_t read_at_ns_ = 0;
};

}  // namespace gimlet::runtime
