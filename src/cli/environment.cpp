#include "cli/environment.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace gimlet::cli {

base::Result<ast::Config> config_from_environment() { return ast::read_environment(getenv); }

std::set<std::string> keys_fixed_by_environment() { return ast::keys_in_environment(getenv); }

bool want_colour(std::string& warning) {
  const char* value = getenv("BPFTRACE_COLOR");
  std::string_view mode = value ? value : "auto";
  if (mode == "always") return true;
  if (mode == "never") return false;
  if (mode != "auto") {
    warning = fmt::format(
        "Invalid env value! The valid values of `BPFTRACE_COLOR` are "
        "[auto|always|never]. The current value is {}!",
        mode);
  }
  if (!value && getenv("NO_COLOR")) return false;
  return isatty(1) && isatty(2);
}

}  // namespace gimlet::cli
