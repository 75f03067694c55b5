#include "runtime/kernel_symbols.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/owners.h"
#include "runtime/clock_text.h"

namespace gimlet::runtime {
namespace {

// Addresses further than this behind the last symbol before them belong to nothing known.
constexpr uint64_t kFarthest = 1 << 20;

// The "[MODULE]" that stands in the rest of a line.
std::string module_behind(const std::string& text, size_t at) {
  const size_t end = std::min(text.find('\n', at), text.size());
  const size_t open = text.find('[', at);
  const size_t close = text.find(']', at);
  if (open >= end || close >= end) return {};
  return text.substr(open + 1, close - open - 1);
}

}  // namespace

void KernelSymbols::read() {
  read_at_ns_ = boot_clock_ns();
  base::Result<std::string> text = base::read_file("/proc/kallsyms");
  if (text) parse(std::move(*text));
}

// Lines are "ADDRESS TYPE NAME [MODULE]"; only code (t, T, w, W) matters.
void KernelSymbols::parse(std::string text) {
  text_ = std::move(text);
  entries_.clear();
  const char* begin = text_.data();
  const char* end = begin + text_.size();
  for (const char* line = begin; line < end;) {
    const char* stop = std::find(line, end, '\n');
    uint64_t address = 0;
    auto number = std::from_chars(line, stop, address, 16);
    bool code = stop - number.ptr > 3 &&
                std::string_view("tTwW").find(number.ptr[1]) != std::string_view::npos;
    if (number.ec == std::errc() && address != 0 && code) {
      const char* name = number.ptr + 3;
      const char* name_end =
          std::find_if(name, stop, [](unsigned char c) { return std::isspace(c) != 0; });
      entries_.push_back(
          {address, static_cast<uint32_t>(name - begin), static_cast<uint32_t>(name_end - name)});
    }
    line = stop + 1;
  }
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const Entry& a, const Entry& b) { return a.address < b.address; });
}

std::optional<SymbolName> KernelSymbols::look_up(uint64_t address) const {
  auto after = std::upper_bound(entries_.begin(), entries_.end(), address,
                                [](uint64_t a, const Entry& entry) { return a < entry.address; });
  if (after == entries_.begin()) return std::nullopt;
  auto found = std::prev(after);
  // Of several names of one address the first in the table counts.
  while (found != entries_.begin() && std::prev(found)->address == found->address) --found;
  if (address - found->address > kFarthest) return std::nullopt;
  return SymbolName{text_.substr(found->name, found->length), address - found->address,
                    module_behind(text_, found->name + found->length)};
}

std::optional<SymbolName> KernelSymbols::find(uint64_t address) {
  if (read_at_ns_ == 0) read();
  std::optional<SymbolName> symbol = look_up(address);
  constexpr uint64_t kSecond = 1'000'000'000;
  // Low addresses are never kernel code: no reason to read again.
  if (!symbol && address >> 63 && boot_clock_ns() - read_at_ns_ > kSecond) {
    read();
    symbol = look_up(address);
  }
  return symbol;
}

}  // namespace gimlet::runtime
