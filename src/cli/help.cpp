#include "cli/help.h"

#include <fmt/format.h>

#include "ast/config.h"
#include "cli/option_table.h"

namespace gimlet::cli {
namespace {

std::string variable_help(const std::string& variable, const std::string& shown_default,
                          const char* summary) {
  return fmt::format("    {:<34} {}\n", fmt::format("{} [{}]", variable, shown_default), summary);
}

std::string configuration_help() {
  std::string out = "\nCONFIGURATION (environment; without BPFTRACE_ also in a script's config):\n";
  for (const ast::ConfigKey& key : ast::config_keys()) {
    if (!key.in_help) continue;
    out += variable_help(ast::environment_name(key), ast::shown_default(key), key.summary);
  }
  return out + variable_help("BPFTRACE_COLOR", "auto", "auto, always or never; in no script");
}

}  // namespace

std::string help_text(const std::string& program_name) {
  std::string out = fmt::format(
      "USAGE:\n"
      "    {0} [options] FILE [ARGS]\n"
      "    {0} [options] -e 'PROGRAM' [ARGS]\n"
      "    {0} [options] -            read the program from standard input\n"
      "    {0} -l[v] [PATTERN]        list probes\n",
      program_name);
  for (OptionGroup group : kOptionGroups) {
    out += fmt::format("\n{}:\n", group_title(group));
    for (const Option& row : option_table()) {
      if (row.group == group) out += fmt::format("    {:<32} {}\n", shown_name(row), row.help);
    }
  }
  out += configuration_help();
  out += fmt::format(
      "\nEXAMPLES:\n"
      "    {0} -e 'tracepoint:syscalls:sys_enter_openat {{ @[comm] = count(); }}'\n"
      "        count opened files by process\n"
      "    {0} -e 'profile:hz:99 {{ @[ustack] = count(); }}' -p PID\n"
      "        sample the user stacks of a process\n"
      "    {0} -l 'tracepoint:sched:*'\n"
      "        list the scheduler's tracepoints\n",
      program_name);
  return out;
}

std::string version_text(const std::string& program_name) {
  // Tools that look for bpftrace want its level of compatibility first.
  if (program_name == "bpftrace") return "bpftrace v0.26.0-gimlet." GIMLET_VERSION "\n";
  return fmt::format("{} v" GIMLET_VERSION "\n", program_name);
}

}  // namespace gimlet::cli
