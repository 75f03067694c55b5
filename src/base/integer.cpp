#include "base/integer.h"

#include <fmt/format.h>

#include <cctype>
#include <optional>

namespace gimlet::base {
namespace {

using Parsed = std::variant<uint64_t, std::string>;

struct Suffix {
  std::string_view text;
  uint64_t scale;    // the value is multiplied by this
  uint64_t maximum;  // of the value before scaling
};

constexpr uint64_t kMax = UINT64_MAX;
constexpr uint64_t kSecond = 1000000000;
constexpr Suffix kSuffixes[] = {
    {"u", 1, UINT32_MAX},
    {"ul", 1, kMax},
    {"ull", 1, kMax},
    {"l", 1, INT64_MAX},
    {"ll", 1, INT64_MAX},
    {"ns", 1, kMax},
    {"us", 1000, kMax},
    {"ms", 1000000, kMax},
    {"s", kSecond, kMax},
    {"m", 60 * kSecond, kMax},
    {"h", 3600 * kSecond, kMax},
    {"d", 86400 * kSecond, kMax},
};

std::string overflow(uint64_t maximum) {
  return fmt::format("overflow error, maximum value is {}", maximum);
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  char lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

class Reader {
 public:
  Reader(std::string_view text, IntegerForms forms) : text_(text), forms_(forms) {}

  Parsed read() {
    if (text_.empty() || !std::isdigit(static_cast<unsigned char>(text_[0]))) {
      return "invalid integer";
    }
    if (text_.back() == '_') return "trailing underscore in integer literal";
    bool command = forms_ == IntegerForms::CommandWord;
    if (starts_with_base('x')) return number(16, 2, command);
    if (starts_with_base('b') && command) return number(2, 2, true);
    if (text_.size() > 1 && text_[0] == '0' && std::isdigit(static_cast<unsigned char>(text_[1]))) {
      return number(8, 1, true);
    }
    size_t exponent = text_.find_first_of("eE");
    if (exponent != std::string_view::npos) return scientific(exponent);
    return number(10, 0, true);
  }

 private:
  bool starts_with_base(char letter) const {
    return text_.size() > 2 && text_[0] == '0' &&
           std::tolower(static_cast<unsigned char>(text_[1])) == letter &&
           digit_value(text_[2]) < (letter == 'x' ? 16 : 2);
  }

  // Digits of one base from `at` on, then a suffix.
  Parsed number(int base, size_t at, bool suffix_allowed) {
    uint64_t value = 0;
    bool too_large = false;
    for (; at < text_.size(); at++) {
      if (text_[at] == '_') continue;
      int digit = digit_value(text_[at]);
      if (digit >= base) break;
      too_large = too_large || __builtin_mul_overflow(value, static_cast<uint64_t>(base), &value) ||
                  __builtin_add_overflow(value, static_cast<uint64_t>(digit), &value);
    }
    if (too_large) return overflow(kMax);
    if (at == text_.size()) return value;
    if (base == 8 && std::isdigit(static_cast<unsigned char>(text_[at]))) {
      return "invalid trailing bytes";
    }
    if (!suffix_allowed) return "invalid trailing bytes";
    return scaled(value, text_.substr(at));
  }

  Parsed scaled(uint64_t value, std::string_view suffix) {
    std::string lower;
    for (char c : suffix) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (const Suffix& known : kSuffixes) {
      if (lower != known.text) continue;
      uint64_t result;
      if (value > known.maximum) return overflow(known.maximum);
      if (__builtin_mul_overflow(value, known.scale, &result)) return overflow(kMax / known.scale);
      return result;
    }
    if (forms_ == IntegerForms::CommandWord) return "invalid trailing bytes";
    return fmt::format("invalid integer suffix '{}'", suffix);
  }

  // m * 10^n with one digit m.
  Parsed scientific(size_t exponent) {
    for (size_t i = 0; i < exponent; i++) {
      if (!std::isdigit(static_cast<unsigned char>(text_[i])) && text_[i] != '_') {
        return scaled(0, text_.substr(i));
      }
    }
    if (exponent != 1 || text_[0] == '0') {
      return "coefficient part of scientific literal must be 1-9";
    }
    std::string_view power = text_.substr(exponent + 1);
    if (power.empty() || power[0] < '1' || power[0] > '9') return "invalid trailing bytes";
    uint64_t count = 0;
    for (char c : power) {
      if (c == '_') continue;
      if (!std::isdigit(static_cast<unsigned char>(c))) return "invalid trailing bytes";
      count = count * 10 + static_cast<uint64_t>(c - '0');
      if (count > 20) return overflow(kMax);
    }
    uint64_t value = static_cast<uint64_t>(text_[0] - '0');
    for (uint64_t i = 0; i < count; i++) {
      if (__builtin_mul_overflow(value, uint64_t(10), &value)) return overflow(kMax);
    }
    return value;
  }

  std::string_view text_;
  IntegerForms forms_;
};

}  // namespace

std::variant<uint64_t, std::string> parse_integer(std::string_view text, IntegerForms forms) {
  return Reader(text, forms).read();
}

}  // namespace gimlet::base
