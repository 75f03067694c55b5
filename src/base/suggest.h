// 'Did you mean': the candidate closest to what was typed.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gimlet::base {

// Edit distance with insertions, deletions, substitutions and swaps of neighbours, each costing 1.
size_t edit_distance(std::string_view a, std::string_view b);

// The nearest candidate whose distance is at most a third of the typed length (at least 1); the
// first of several equally near ones. Nothing if none is near enough.
std::optional<std::string> nearest(std::string_view typed, std::span<const std::string> candidates);

}  // namespace gimlet::base
