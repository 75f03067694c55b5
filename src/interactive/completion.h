// Completion: what could stand where the cursor is. It reads the text before the cursor and asks
// the tables of the language, the session's cells and maps, and the live system.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "interactive/exploration.h"

namespace gimlet::interactive {

struct Completion {
  size_t begin = 0;                     // the offset from which a candidate replaces the text
  std::vector<std::string> candidates;  // sorted, each once
  // What all have in common; at least what is written already.
  std::string common_prefix() const;
};

Completion complete(Exploration& exploration, std::string_view text);

// The name that ends at the end of the text: "sys_en", "hist", "@calls".
std::string_view word_at_end(std::string_view text);

// completion_fields.cpp: if the text ends in `BASE.NAME` or `BASE->NAME` with a base whose type can
// be told (args, curtask, a cast, fields of those), the fields that begin with NAME.
std::vector<std::string> field_candidates(Exploration& exploration, std::string_view text);

}  // namespace gimlet::interactive
