#include "cli/explore.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

#include "cli/environment.h"
#include "interactive/interactive.h"

namespace gimlet::cli {

base::Status check_interactive(const CommandLine& line) {
  const DebugStages& debug = line.debug;
  const struct {
    bool given;
    const char* name;
  } others[] = {
      {line.program_text.has_value(), "-e"},
      {line.list, "-l"},
      {!line.command.empty(), "-c"},
      {line.mode == Mode::Test, "--test"},
      {line.mode == Mode::Bench, "--bench"},
      {line.mode == Mode::Format, "--fmt"},
      {line.mode != Mode::Run, "--mode"},
      {line.dry_run, "--dry-run"},
      {line.probe_filter.has_value(), "--probe-filter"},
      {!line.emit_elf.empty(), "--emit-elf"},
      {!line.emit_llvm.empty(), "--emit-llvm"},
      {debug.parse || debug.ast || debug.types || debug.codegen || debug.codegen_opt || debug.dis,
       "-d of a compiler's stage"},
      {line.verify_ir, "--verify-llvm-ir"},
      {line.buffering != "line", "-B"},
      {line.operands.size() > 1, "parameters of a script"},
  };
  for (const auto& other : others) {
    if (!other.given) continue;
    return base::Error{fmt::format("USAGE: -i cannot be used with {}.", other.name), "", 0, 1};
  }
  if (line.format == "text" || line.format == "json") return base::Done{};
  return base::Error{fmt::format("Invalid output format \"{}\"", line.format),
                     "Valid formats: 'text', 'json'", 0, 1};
}

int explore(const CommandLine& line, ast::sema::Options options, std::vector<uint64_t> unwound_pids,
            std::unique_ptr<kernel::Kernel> kernel, int results, const Messages& messages) {
  interactive::Start start;
  start.session.verbose = line.verbose;
  start.session.libbpf_debug = line.debug.libbpf;
  start.session.verifier_debug = line.debug.verifier;
  start.session.warnings = line.warnings;
  start.session.target_pid = options.target_pid;
  start.session.unwound_pids = std::move(unwound_pids);
  start.compile.options = std::move(options);
  start.compile.fixed_keys = keys_fixed_by_environment();
  start.compile.include_folders = line.include_folders;
  start.compile.includes = line.includes;
  if (!line.operands.empty()) start.file = line.operands[0];
  start.json = line.format == "json";
  start.quiet = line.quiet;
  start.results = results;
  auto status = interactive::explore(std::move(start), std::move(kernel));
  if (status) return *status;
  if (status.error().errnum == EPIPE) {
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
  }
  return messages.error(status.error());
}

}  // namespace gimlet::cli
