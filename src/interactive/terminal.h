// A session on a terminal: prompt, line editor, keys, and the history file.
#pragma once

#include "interactive/shell.h"

namespace gimlet::interactive {

// Until Ctrl-D or .quit.
base::Status run_on_terminal(Shell& shell);

}  // namespace gimlet::interactive
