// A text of several lines in the user's own editor: $VISUAL, $EDITOR, or vi.
#pragma once

#include <string>

#include "base/result.h"

namespace gimlet::interactive {

// The text as it was left, without the newline at its end.
base::Result<std::string> edit_text(const std::string& text);

}  // namespace gimlet::interactive
