// What gimlet itself says on standard error.
#pragma once

#include <string>

#include "base/result.h"
#include "runtime/progress.h"

namespace gimlet::cli {

struct Messages {
  bool colour = false;
  bool warnings = true;
  runtime::Progress progress{};  // shown while something takes long

  // "ERROR: text" and, if there is one, "HINT: text". Returns the exit status that goes with it.
  int error(const base::Error& error) const;
  int error(const std::string& text, int exit_status = 1) const;
  void warning(const std::string& text) const;
  // Lines of others: those that are errors or warnings get their colour.
  std::string coloured(const std::string& lines) const;
};

}  // namespace gimlet::cli
