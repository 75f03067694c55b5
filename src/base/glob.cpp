#include "base/glob.h"

#include <cstddef>

namespace gimlet::base {

bool has_wildcard(std::string_view pattern) { return pattern.find('*') != std::string_view::npos; }

// On a mismatch only the latest star has to take one character more: an earlier star never needs
// to, since the latest can take whatever the earlier one would.
bool glob_matches(std::string_view pattern, std::string_view text) {
  size_t p = 0, t = 0;
  size_t star = std::string_view::npos, after_star = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after_star = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      p++;
      t++;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++after_star;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') p++;
  return p == pattern.size();
}

}  // namespace gimlet::base
