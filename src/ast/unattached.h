// What is said of a probe that cannot be attached: while compiling, of places that gimlet knows to
// be impossible, and while loading and attaching, of what the kernel refuses.
#pragma once

#include <fmt/format.h>

#include <string>

namespace gimlet::ast {

inline std::string unable_to_attach(const std::string& probe) {
  return fmt::format(
      "Unable to attach probe: {}. If this is expected, set the 'missing_probes' config variable "
      "to 'warn'.",
      probe);
}

inline std::string skipping_probe(const std::string& probe) {
  return fmt::format("Unable to attach probe: {}. Skipping.", probe);
}

}  // namespace gimlet::ast
