#include "base/suggest.h"

#include <algorithm>
#include <vector>

namespace gimlet::base {

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> two_ago(b.size() + 1);
  std::vector<size_t> previous(b.size() + 1);
  std::vector<size_t> current(b.size() + 1);
  for (size_t j = 0; j <= b.size(); j++) previous[j] = j;
  for (size_t i = 1; i <= a.size(); i++) {
    current[0] = i;
    for (size_t j = 1; j <= b.size(); j++) {
      size_t substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, substitution});
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) current[j] = std::min(current[j], two_ago[j - 2] + 1);
    }
    std::swap(two_ago, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

std::optional<std::string> nearest(std::string_view typed,
                                   std::span<const std::string> candidates) {
  size_t best = std::max<size_t>(1, typed.size() / 3) + 1;
  std::optional<std::string> found;
  for (const std::string& candidate : candidates) {
    size_t gap = candidate.size() > typed.size() ? candidate.size() - typed.size()
                                                 : typed.size() - candidate.size();
    if (gap >= best) continue;
    size_t distance = edit_distance(typed, candidate);
    if (distance >= best) continue;
    best = distance;
    found = candidate;
  }
  return found;
}

}  // namespace gimlet::base
