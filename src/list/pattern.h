// What a listing is asked for: "t:sched:*", "uprobe:/bin/bash:read*", "struct task_*", several of
// them separated by commas. Quotes keep colons, commas and blanks in a part, as in attach points.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gimlet::list {

struct Pattern {
  std::string text;                // as it was given, without blanks around it
  std::string provider;            // "*" if none was named
  std::vector<std::string> parts;  // without the provider; never empty, "*" where nothing is said

  // The parts as one text again.
  std::string whole() const;
  bool names_type() const;  // "struct x", "union x", "enum x"
};

std::vector<Pattern> split_patterns(std::string_view text);

}  // namespace gimlet::list
