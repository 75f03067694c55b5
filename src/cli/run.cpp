#include "cli/run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "ast/sema/dispensable.h"
#include "ast/sema/named_parameters.h"
#include "base/owners.h"
#include "cli/compile.h"
#include "cli/compiler_bench.h"
#include "cli/environment.h"
#include "cli/explore.h"
#include "cli/format_file.h"
#include "cli/info.h"
#include "cli/list_command.h"
#include "cli/rights.h"
#include "cli/run_tests.h"
#include "cli/system_checks.h"
#include "cli/trace.h"

namespace gimlet::cli {
namespace {

base::Result<base::UniqueFd> open_output(const CommandLine& line) {
  if (line.output_file.empty()) return base::UniqueFd();
  base::UniqueFd fd(
      ::open(line.output_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (fd) return fd;
  int errnum = errno;
  return base::Error{
      fmt::format("Failed to open output file: \"{}\": {}", line.output_file, strerror(errnum)), "",
      errnum, 1};
}

base::Status check_traceable_functions(const CommandLine& line) {
  const std::string& file = line.traceable_functions;
  if (file.empty() || ::access(file.c_str(), R_OK) == 0) return base::Done{};
  return base::Error{fmt::format("Failed to open kernel function info: Could not read functions "
                                 "from {}. ({})",
                                 file, strerror(errno)),
                     "", errno, 1};
}

std::unique_ptr<kernel::Kernel> open_kernel(const CommandLine& line, const Messages& messages) {
  const char* given = getenv("BPFTRACE_BTF");
  const std::string btf_file = given ? given : "";
  auto kernel = kernel::host_kernel(btf_file, line.debug_folders, line.traceable_functions);
  if (!btf_file.empty() && !kernel->has_btf()) {
    messages.warning(fmt::format("BTF: failed to parse BTF from {}", btf_file));
  }
  for (kernel::Feature feature : line.withheld) kernel->withhold(feature);
  return kernel;
}

// Inside a container, pid and tid are the numbers that are seen there.
void set_pid_namespace(ast::sema::Options& options) {
  constexpr ino_t kInitialNamespace = 0xEFFFFFFC;  // PROC_PID_INIT_INO of the kernel
  struct stat st {};
  if (::stat("/proc/self/ns/pid", &st) != 0 || st.st_ino == kInitialNamespace) return;
  options.pid_namespace_device = st.st_dev;
  options.pid_namespace_inode = st.st_ino;
}

runtime::Buffering buffering(const CommandLine& line) {
  if (line.buffering == "full") return runtime::Buffering::Full;
  return line.buffering == "none" ? runtime::Buffering::None : runtime::Buffering::Line;
}

// Whether there is something to attach, and not too much. An Error without a message: it was said.
base::Status check_probe_count(const CommandLine& line, const ast::TypedProgram& program) {
  size_t programs = ast::program_count(program);
  if (programs == 0 && line.probe_filter && !program.program->probes.empty()) {
    return base::Error{
        "Attachment failed for all probes.",
        fmt::format("no probe's name matches --probe-filter '{}'", *line.probe_filter), 0, 255};
  }
  if (programs == 0) {
    if (!line.quiet) puts("No probes to attach");
    return base::Error{{}, {}, 0, 1};
  }
  size_t most = program.config.max_probes;
  if (programs <= most) return base::Done{};
  return base::Error{
      fmt::format("Can't attach to {} probes because it exceeds the current limit of {} probes.",
                  programs, most),
      "raise the limit with the max_probes config variable or BPFTRACE_MAX_PROBES", 0, 1};
}

// --info asks for what programs would be traced with.
int show_info(const CommandLine& line, const Messages& messages) {
  if (base::Status rights = check_rights(line.program_name); !rights) {
    return messages.error(rights.error());
  }
  auto kernel = open_kernel(line, messages);
  fputs(info_text(kernel::survey(*kernel)).c_str(), stdout);
  if (fflush(stdout) == 0) return 0;
  return messages.error(base::system_error(errno, "write to OUT failed"));
}

// A program on its way from text to its end.
struct Task {
  const CommandLine& line;
  base::SourceSet& sources;
  base::FileId file;
  kernel::Kernel& kernel;
  Subject& subject;
  const ast::sema::Options& options;
};

struct Compiled {
  std::unique_ptr<Understood> program;
  image::Image image;
};

// Loads and attaches. What the kernel refuses is compiled once more to come in by other mechanisms.
base::Result<Started> start_somehow(const Task& task, TraceContext& context, Compiled compiled,
                                    runtime::Ahead ahead) {
  auto started = start(context, std::move(compiled.image), std::move(ahead));
  Messages quiet = context.messages;  // what there was to warn of has been said
  quiet.warnings = false;
  while (!started) {
    auto feature = ast::sema::dispensable(compiled.program->typed, started.error(), task.kernel);
    if (!feature) break;
    task.kernel.withhold(*feature);
    int exit_status = 0;
    compiled.program = understand(task.line, task.sources, task.file, task.kernel, task.options,
                                  quiet, exit_status);
    if (!compiled.program) return base::Error{{}, {}, 0, exit_status};
    auto image = compile(task.line, compiled.program->typed, task.sources, quiet);
    if (!image) return image.error();
    started = start(context, std::move(*image), {});
  }
  return started;
}

int run_compiled(const Task& task, Compiled compiled, runtime::Ahead ahead, ProgressLine& progress,
                 const Messages& messages) {
  const CommandLine& line = task.line;
  auto output_fd = open_output(line);
  if (!output_fd) return messages.error(output_fd.error());
  if (line.format != "text" && line.format != "json") {
    messages.error(fmt::format("Invalid output format \"{}\"", line.format));
    fputs("Valid formats: 'text', 'json'\n", stderr);
    return 1;
  }
  const int out_fd = *output_fd ? output_fd->get() : 1;
  runtime::Sink out(out_fd, buffering(line));
  runtime::Sink err(2, runtime::Buffering::None);
  // Of a benchmark nothing is seen but its time.
  std::string unseen;
  runtime::Sink silence(unseen);
  bool bench = line.mode == Mode::Bench;
  auto output = bench                   ? runtime::text_output(silence, silence)
                : line.format == "json" ? runtime::json_output(out, err)
                                        : runtime::text_output(out, err, out_fd);

  if (compiled.image.unwinds && task.subject.child) {
    // Its libraries must be there, so that their tables can be read.
    if (base::Status stopped = task.subject.child->run_to_entry(); !stopped) {
      return messages.error(stopped.error());
    }
  }
  TraceContext context{line, task.sources, messages, task.subject, progress, out_fd, out, *output};
  auto started = start_somehow(task, context, std::move(compiled), std::move(ahead));
  // An Error without a message: an interruption, which ends silently, or what has been said.
  if (!started) return messages.error(started.error());
  return trace(context, std::move(*started));
}

// The only place of the program in user space, where that is a uprobe's: several are opened in the
// order in which they are to fire, when they are attached.
const ast::Target* only_user_place(const ast::TypedProgram& program) {
  const ast::Target* found = nullptr;
  for (const ast::TypedProbe& probe : program.probes) {
    const ast::ProviderId id = probe.provider;
    const bool is_uprobe = id == ast::ProviderId::Uprobe || id == ast::ProviderId::Uretprobe;
    if (!is_uprobe && id != ast::ProviderId::Usdt) continue;
    if (!is_uprobe || found || probe.targets.size() != 1 || ast::is_one_link(probe.mechanism)) {
      return nullptr;
    }
    found = &probe.targets[0];
  }
  if (!found || !std::get<ast::UserTarget>(found->place).return_offsets.empty()) return nullptr;
  return found;
}

// Asks the kernel for what takes it long, so that it is there when the code is.
runtime::Ahead begin_ahead(const Understood& understood, const Task& task) {
  runtime::Ahead ahead;
  ahead.ring = runtime::RingAhead::start(understood.typed.config.perf_rb_pages);
  if (const ast::Target* target = only_user_place(understood.typed)) {
    ahead.user_event = runtime::UserEventAhead::start(*target, traced_pid(task.subject));
  }
  return ahead;
}

int run_program(const Task& task, const Messages& given) {
  const CommandLine& line = task.line;
  ProgressLine progress;
  Messages messages = given;
  messages.progress = progress.progress();
  progress.start();
  int exit_status = 0;
  auto understood =
      understand(line, task.sources, task.file, task.kernel, task.options, messages, exit_status);
  if (understood && line.list) {
    return list_probes(line, understood->typed, task.subject.target_pid, task.kernel, messages);
  }
  const bool ignores_missing =
      understood && understood->typed.config.missing_probes == ast::MissingProbes::Ignore;
  if (std::string problem = task.kernel.traceable_problem(); !problem.empty() && !ignores_missing) {
    messages.warning(problem);
  }
  if (!understood) return exit_status;
  messages.warning(old_kernel_warning());
  auto parameters = ast::sema::parse_parameters(understood->typed.parameters, task.options.named);
  if (!parameters) return messages.error(parameters.error());
  if (base::Status count = check_probe_count(line, understood->typed); !count) {
    return messages.error(count.error());
  }
  const bool will_run = line.mode != Mode::Codegen;
  runtime::Ahead ahead = will_run ? begin_ahead(*understood, task) : runtime::Ahead();
  auto image = compile(line, understood->typed, task.sources, messages);
  if (!image) return messages.error(image.error());
  if (!will_run) return 0;
  return run_compiled(task, {std::move(understood), std::move(*image)}, std::move(ahead), progress,
                      messages);
}

}  // namespace

int run(const CommandLine& line, const Messages& messages) {
  if (line.info) return show_info(line, messages);
  if (line.interactive) {
    if (base::Status possible = check_interactive(line); !possible) {
      return messages.error(possible.error());
    }
  }
  const bool lists_system = line.list && !lists_program(line);
  base::SourceSet sources;
  base::FileId file = 0;
  size_t consumed = line.interactive ? line.operands.size() : 0;
  if (!lists_system && !line.interactive) {
    auto program = read_program(line, consumed);
    if (!program) return messages.error(program.error());
    if (line.mode == Mode::Format) return format_program(line, std::move(*program), messages);
    file = sources.add(program->name, std::move(program->text));
  }
  for (const base::Status& ready : {check_rights(line.program_name), check_proc()}) {
    if (!ready) return messages.error(ready.error());
  }
  auto config = config_from_environment();
  if (!config) return messages.error(config.error());
  if (base::Status readable = check_traceable_functions(line); !readable) {
    return messages.error(readable.error());
  }
  auto kernel = open_kernel(line, messages);
  // A session link pairs two probes, of which the filter may leave one.
  if (line.probe_filter) kernel->withhold(kernel::Feature::KprobeSession);
  auto subject = find_subject(line);
  if (!subject) return messages.error(subject.error());
  if (lists_system) return list_system(line, subject->target_pid, *kernel, messages);

  ast::sema::ProgramWords words = ast::sema::split_words(
      {line.operands.begin() + static_cast<ptrdiff_t>(consumed), line.operands.end()});
  ast::sema::Options options;
  options.config = *config;
  options.config.report_failed_reads = line.report_failed_reads;
  options.positional = std::move(words.positional);
  options.named = words.named;
  options.target_pid = subject->target_pid;
  options.child_pid = subject->child_pid();
  options.has_unwind_target = !subject->unwound_pids.empty();
  options.unsafe = line.unsafe;
  if (const char* map = getenv("BPFTRACE_DUMMY_TS_MAP")) options.clock_map = map;
  set_pid_namespace(options);
  if (line.list) {
    options.only_probes = true;
    options.config.missing_probes = ast::MissingProbes::Ignore;
  }
  if (base::Status open = check_lockdown(); !open) return messages.error(open.error());
  if (line.interactive) {
    auto results = open_output(line);
    if (!results) return messages.error(results.error());
    int fd = *results ? results->get() : 1;
    return explore(line, std::move(options), std::move(subject->unwound_pids), std::move(kernel),
                   fd, messages);
  }
  if (line.mode == Mode::CompilerBench) {
    return bench_compiler(line, sources.file(file), *kernel, options, messages);
  }
  return run_program({line, sources, file, *kernel, *subject, options}, messages);
}

}  // namespace gimlet::cli
