#include "cli/environment.h"

#include <fmt/format.h>
#include <strings.h>
#include <unistd.h>

#include <cstdlib>
#include <limits>
#include <string>

#include "base/integer.h"

namespace gimlet::cli {
namespace {

using base::Error;
using base::Status;

Error bad_value(std::string message) { return {std::move(message), "", 0, 2}; }

template <typename Number>
Status read_number(const char* variable, const char* key, Number& target) {
  const char* text = getenv(variable);
  if (!text) return base::Done{};
  auto value = base::parse_integer(text, base::IntegerForms::CommandWord);
  auto* number = std::get_if<uint64_t>(&value);
  if (!number) return bad_value(fmt::format("{}: expecting a number, got {}", key, text));
  if (*number > std::numeric_limits<Number>::max()) {
    return bad_value(fmt::format("{}: {} is too large", key, text));
  }
  target = static_cast<Number>(*number);
  return base::Done{};
}

Status read_bool(const char* variable, bool& target) {
  const char* text = getenv(variable);
  if (!text) return base::Done{};
  for (const char* yes : {"1", "true", "on", "yes"}) {
    if (strcasecmp(text, yes) == 0) {
      target = true;
      return base::Done{};
    }
  }
  for (const char* no : {"0", "false", "off", "no"}) {
    if (strcasecmp(text, no) == 0) {
      target = false;
      return base::Done{};
    }
  }
  return bad_value("Invalid bool value: valid values are true, false, 1 or 0.");
}

Status read_stack_mode(ast::StackMode& target) {
  const char* text = getenv("BPFTRACE_STACK_MODE");
  if (!text) return base::Done{};
  using ast::StackMode;
  for (StackMode mode :
       {StackMode::Bpftrace, StackMode::Perf, StackMode::Raw, StackMode::BuildId}) {
    if (std::string_view(text) == ast::stack_mode_name(mode)) {
      target = mode;
      return base::Done{};
    }
  }
  return bad_value(
      "Invalid value for stack_mode: valid values are bpftrace, raw, perf, and build_id.");
}

Status read_missing_probes(ast::MissingProbes& target) {
  const char* value = getenv("BPFTRACE_MISSING_PROBES");
  if (!value) return base::Done{};
  std::string_view text = value;
  if (text == "error") {
    target = ast::MissingProbes::Error;
  } else if (text == "warn") {
    target = ast::MissingProbes::Warn;
  } else if (text == "ignore") {
    target = ast::MissingProbes::Ignore;
  } else {
    return bad_value(
        "Invalid value for missing_probes: valid values are \"ignore\", \"warn\", and \"error\".");
  }
  return base::Done{};
}

Status read_license(std::string& target) {
  const char* text = getenv("BPFTRACE_LICENSE");
  if (!text) return base::Done{};
  constexpr const char* kLicenses[] = {"GPL",          "GPL v2",       "GPL and additional rights",
                                       "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"};
  std::string all;
  for (const char* license : kLicenses) {
    if (std::string_view(text) == license) {
      target = license;
      return base::Done{};
    }
    all += (all.empty() ? "" : ", ") + std::string(license);
  }
  return bad_value(
      fmt::format("Invalid value for license. Found: {}. Valid values: {}", text, all));
}

}  // namespace

base::Result<ast::Config> config_from_environment() {
  ast::Config config;
  if (const char* trailer = getenv("BPFTRACE_STR_TRUNC_TRAILER")) {
    config.str_trunc_trailer = trailer;
  }
  Status steps[] = {
      read_number("BPFTRACE_MAX_STRLEN", "max_strlen", config.max_strlen),
      read_number("BPFTRACE_MAX_MAP_KEYS", "max_map_keys", config.max_map_keys),
      read_number("BPFTRACE_MAX_PROBES", "max_probes", config.max_probes),
      read_number("BPFTRACE_MAX_BPF_PROGS", "max_bpf_progs", config.max_bpf_progs),
      read_number("BPFTRACE_ON_STACK_LIMIT", "on_stack_limit", config.on_stack_limit),
      read_number("BPFTRACE_PERF_RB_PAGES", "perf_rb_pages", config.perf_rb_pages),
      read_number("BPFTRACE_LOG_SIZE", "log_size", config.log_size),
      read_bool("BPFTRACE_PRINT_MAPS_ON_EXIT", config.print_maps_on_exit),
      read_bool("BPFTRACE_CPP_DEMANGLE", config.cpp_demangle),
      read_stack_mode(config.stack_mode),
      read_missing_probes(config.missing_probes),
      read_license(config.license),
  };
  for (Status& step : steps) {
    if (!step) return std::move(step.error());
  }
  if (config.max_strlen < 2) return bad_value("max_strlen: must be at least 2");
  return config;
}

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
