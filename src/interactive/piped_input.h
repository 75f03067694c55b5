// Entries from a pipe or a file: cut where they are complete, run one after the other, while
// results keep coming.
#pragma once

#include "interactive/shell.h"

namespace gimlet::interactive {

// Until the input ends, or the shell is finished.
base::Status run_piped(Shell& shell, int input);

}  // namespace gimlet::interactive
