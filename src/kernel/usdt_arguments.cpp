#include "kernel/usdt_arguments.h"

#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <string>

namespace gimlet::kernel {
namespace {

using ast::UsdtArgument;
using Form = UsdtArgument::Form;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<int64_t> parse_number(std::string_view text) {
  std::string digits(trimmed(text));
  const size_t first = digits.find_first_not_of("+-");
  const bool plausible = first != std::string::npos && first <= 1 &&
                         std::isdigit(static_cast<unsigned char>(digits[first]));
  if (!plausible) return std::nullopt;
  char* end = nullptr;
  errno = 0;
  // Also takes a sign: the value then wraps, as two's complement wants it.
  const auto value = static_cast<int64_t>(std::strtoull(digits.c_str(), &end, 0));
  if (errno != 0 || *end != '\0') return std::nullopt;
  return value;
}

// The words between blanks that stand outside brackets.
std::vector<std::string_view> split_arguments(std::string_view text) {
  std::vector<std::string_view> words;
  size_t begin = 0;
  int depth = 0;
  for (size_t i = 0; i <= text.size(); i++) {
    const char c = i < text.size() ? text[i] : ' ';
    depth += (c == '[' || c == '(') - (c == ']' || c == ')');
    const bool ends = i == text.size() || (c == ' ' && depth <= 0);
    if (!ends) continue;
    if (i > begin) words.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  return words;
}

std::vector<std::string_view> split_at_commas(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t comma = text.find(',');
    parts.push_back(trimmed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

// --- x86_64 ---

struct Register {
  std::string name;
  uint8_t shift = 0;
};

// %rax, %eax, %ax, %al, %ah; %rsi, %esi, %si, %sil; %r8, %r8d, %r8w, %r8b.
std::optional<Register> x86_register(std::string_view text) {
  if (!text.starts_with('%')) return std::nullopt;
  text.remove_prefix(1);
  if (text == "rip" || text == "eip") return Register{"ip"};
  if (text.size() >= 2 && text[0] == 'r' && std::isdigit(static_cast<unsigned char>(text[1]))) {
    if (text.ends_with('d') || text.ends_with('w') || text.ends_with('b')) text.remove_suffix(1);
    const auto number = parse_number(text.substr(1));
    if (!number || *number < 8 || *number > 15) return std::nullopt;
    return Register{std::string(text)};
  }
  for (const char* letter : {"a", "b", "c", "d"}) {
    const std::string base = letter;
    const std::string whole = base + "x";
    if (text == "r" + whole || text == "e" + whole || text == whole || text == base + "l") {
      return Register{whole};
    }
    if (text == base + "h") return Register{whole, 8};
  }
  for (const char* name : {"si", "di", "bp", "sp"}) {
    const std::string base = name;
    if (text == "r" + base || text == "e" + base || text == base || text == base + "l") {
      return Register{base};
    }
  }
  return std::nullopt;
}

// "8", "symbol", "symbol+8", "8+symbol", "-8+symbol".
bool add_displacement(std::string_view text, const SymbolDistance& distance, bool code_relative,
                      UsdtArgument& argument) {
  text = trimmed(text);
  if (text.empty()) return !code_relative;
  // What a number alone would be relative to is the end of an instruction that is not known here.
  if (const auto number = parse_number(text)) {
    argument.number = *number;
    return !code_relative;
  }
  if (!code_relative) return false;
  std::string_view symbol = text;
  size_t sign = text.find_last_of("+-");
  if (sign != std::string_view::npos && sign > 0) {
    if (const auto number = parse_number(text.substr(sign))) {
      argument.number = *number;
      symbol = text.substr(0, sign);
    } else if (const auto leading = parse_number(text.substr(0, sign))) {
      argument.number = *leading;
      symbol = text.substr(sign + 1);
    }
  }
  const auto offset = distance(trimmed(symbol));
  if (!offset) return false;
  argument.number += *offset;
  return true;
}

// off(%base,%index,scale), every part of which may be missing.
bool x86_memory(std::string_view operand, const SymbolDistance& distance, UsdtArgument& argument) {
  const size_t open = operand.find('(');
  if (open == std::string_view::npos || !operand.ends_with(')')) return false;
  const auto parts = split_at_commas(operand.substr(open + 1, operand.size() - open - 2));
  if (parts.size() > 3) return false;
  argument.form = Form::Memory;
  if (!parts[0].empty()) {
    const auto base = x86_register(parts[0]);
    if (!base || base->shift != 0) return false;
    argument.base = base->name;
  }
  if (parts.size() > 1 && !parts[1].empty()) {
    const auto index = x86_register(parts[1]);
    if (!index || index->shift != 0) return false;
    argument.index = index->name;
  }
  if (parts.size() > 2 && !parts[2].empty()) {
    const auto scale = parse_number(parts[2]);
    if (!scale || (*scale != 1 && *scale != 2 && *scale != 4 && *scale != 8)) return false;
    argument.scale = static_cast<uint8_t>(*scale);
  }
  return add_displacement(operand.substr(0, open), distance, argument.base == "ip", argument);
}

bool x86_operand(std::string_view operand, const SymbolDistance& distance, UsdtArgument& argument) {
  if (operand.starts_with('$')) {
    const auto number = parse_number(operand.substr(1));
    if (!number) return false;
    argument.form = Form::Constant;
    argument.number = *number;
    return true;
  }
  if (operand.starts_with('%')) {
    const auto found = x86_register(operand);
    if (!found) return false;
    argument.form = Form::Register;
    argument.base = found->name;
    argument.shift = found->shift;
    return true;
  }
  return x86_memory(operand, distance, argument);
}

// --- arm64 ---

std::optional<std::string> arm_register(std::string_view text) {
  if (text == "sp" || text == "wsp") return "sp";
  if (text == "fp") return "r29";
  if (text == "lr") return "r30";
  if (text.size() < 2 || (text[0] != 'x' && text[0] != 'w')) return std::nullopt;
  if (!std::isdigit(static_cast<unsigned char>(text[1]))) return std::nullopt;
  const auto number = parse_number(text.substr(1));
  if (!number || *number < 0 || *number > 30) return std::nullopt;
  return "r" + std::to_string(*number);
}

// [xN], [xN, off], [xN, xM], [xN, xM, lsl K]
bool arm_memory(std::string_view operand, UsdtArgument& argument) {
  if (!operand.ends_with(']')) return false;
  const auto parts = split_at_commas(operand.substr(1, operand.size() - 2));
  if (parts.size() > 3) return false;
  const auto base = arm_register(parts[0]);
  if (!base) return false;
  argument.form = Form::Memory;
  argument.base = *base;
  if (parts.size() == 1) return true;
  std::string_view second = parts[1];
  if (const auto index = arm_register(second); index && second[0] == 'x') {
    argument.index = *index;
    if (parts.size() == 2) return true;
    if (!parts[2].starts_with("lsl ")) return false;
    std::string_view shift = trimmed(parts[2].substr(4));
    if (shift.starts_with('#')) shift.remove_prefix(1);
    const auto bits = parse_number(shift);
    if (!bits || *bits < 0 || *bits > 3) return false;
    argument.scale = static_cast<uint8_t>(1 << *bits);
    return true;
  }
  if (parts.size() == 3) return false;
  if (second.starts_with('#')) second.remove_prefix(1);
  const auto offset = parse_number(second);
  if (!offset) return false;
  argument.number = *offset;
  return true;
}

bool arm_operand(std::string_view operand, UsdtArgument& argument) {
  if (operand.starts_with('[')) return arm_memory(operand, argument);
  if (operand == "xzr" || operand == "wzr") {
    argument.form = Form::Constant;
    return true;
  }
  if (const auto found = arm_register(operand)) {
    argument.form = Form::Register;
    argument.base = *found;
    return true;
  }
  if (operand.starts_with('#')) operand.remove_prefix(1);
  const auto number = parse_number(operand);
  if (!number) return false;
  argument.form = Form::Constant;
  argument.number = *number;
  return true;
}

UsdtArgument parse_argument(std::string_view word, UsdtMachine machine,
                            const SymbolDistance& distance) {
  const size_t at = word.find('@');
  if (at == std::string_view::npos) return {};
  const auto size = parse_number(word.substr(0, at));
  if (!size) return {};
  const int64_t bytes = *size < 0 ? -*size : *size;
  if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8) return {};
  UsdtArgument argument;
  argument.size = static_cast<uint8_t>(bytes);
  argument.is_signed = *size < 0;
  const std::string_view operand = word.substr(at + 1);
  const bool known = machine == UsdtMachine::X86_64 ? x86_operand(operand, distance, argument)
                                                    : arm_operand(operand, argument);
  return known ? argument : UsdtArgument{};
}

}  // namespace

std::vector<UsdtArgument> parse_usdt_arguments(std::string_view text, UsdtMachine machine,
                                               const SymbolDistance& distance) {
  std::vector<UsdtArgument> arguments;
  for (std::string_view word : split_arguments(text)) {
    if (arguments.size() == ast::kUsdtArguments) break;
    arguments.push_back(parse_argument(word, machine, distance));
  }
  return arguments;
}

}  // namespace gimlet::kernel
