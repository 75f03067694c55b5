// The interactive session as a whole, from settings to exit status.
#pragma once

#include <memory>
#include <string>

#include "interactive/compile_entry.h"
#include "kernel/kernel.h"
#include "runtime/session.h"

namespace gimlet::interactive {

struct Start {
  CompileSettings compile;
  runtime::SessionOptions session;
  std::string file;    // entered first; may be empty
  bool json = false;   // replies and results
  bool quiet = false;  // say nothing of what was attached
  int results = 1;     // descriptor that results of probes go to
};

// The status to exit with: 0, or without a terminal 1 if an entry was wrong. An Error says why
// there was no session.
base::Result<int> explore(Start start, std::unique_ptr<kernel::Kernel> kernel);

}  // namespace gimlet::interactive
