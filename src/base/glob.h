// Wildcards of attach points and listings: `*` matches any run of characters, nothing else is
// special.
#pragma once

#include <string_view>

namespace gimlet::base {

bool has_wildcard(std::string_view pattern);
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace gimlet::base
