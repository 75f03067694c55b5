// What system() and cat() do: run a command of the shell to its end, read the start of a file.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace gimlet::runtime {

struct CommandResult {
  std::string said;  // on both of its outputs
  int status = 0;    // as of waitpid(2)
};

// What can cut a command short.
struct Interruption {
  int fd = -1;                   // to be read when `ends` may say something else than before
  std::function<bool()> ends{};  // whether it shall end now
};

base::Result<CommandResult> run_command(const std::string& command,
                                        const Interruption& interruption = {});

// At most `limit` bytes. The error is the message for the user.
base::Result<std::string> read_start(const std::string& path, size_t limit);

}  // namespace gimlet::runtime
