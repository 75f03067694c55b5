#include "cli/run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "ast/sema/dispensable.h"
#include "ast/sema/named_parameters.h"
#include "base/integer.h"
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
#include "cli/service_notice.h"
#include "cli/system_checks.h"
#include "runtime/child.h"
#include "runtime/session.h"
#include "runtime/target.h"

namespace gimlet::cli {
namespace {

constexpr const char* kNotifyVariable = "__BPFTRACE_NOTIFY_PROBES_ATTACHED";

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

std::unique_ptr<kernel::Kernel> open_kernel(const CommandLine& line) {
  const char* btf_file = getenv("BPFTRACE_BTF");
  auto kernel =
      kernel::host_kernel(btf_file ? btf_file : "", line.debug_folders, line.traceable_functions);
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

// The process that -p or -c names, if any.
struct Subject {
  uint64_t target_pid = 0;
  std::vector<uint64_t> unwound_pids;  // also those of --dwarf-pid, which need not exist
  base::UniqueFd target_fd;
  std::unique_ptr<runtime::Child> child;

  uint64_t child_pid() const { return child ? static_cast<uint64_t>(child->pid()) : 0; }
};

constexpr uint64_t kLargestPid = 4194304;

base::Result<uint64_t> parse_pid(const std::string& text) {
  auto value = base::parse_integer(text, base::IntegerForms::CommandWord);
  if (auto* problem = std::get_if<std::string>(&value)) {
    return base::Error{fmt::format("Failed to parse pid: {}: {}", *problem, text), "", 0, 1};
  }
  uint64_t pid = std::get<uint64_t>(value);
  if (pid > kLargestPid) return base::Error{fmt::format("Pid out of range: {}", pid), "", 0, 1};
  return pid;
}

base::Result<Subject> find_subject(const CommandLine& line) {
  Subject subject;
  for (const std::string& text : line.unwound_pids) {
    auto pid = parse_pid(text);
    if (!pid) return pid.error();
    subject.unwound_pids.push_back(*pid);
  }
  if (!line.pid.empty()) {
    auto pid = parse_pid(line.pid);
    if (!pid) return pid.error();
    auto fd = runtime::open_target(*pid);
    if (!fd) return fd.error();
    subject.target_pid = *pid;
    subject.unwound_pids.push_back(*pid);
    subject.target_fd = std::move(*fd);
  }
  if (!line.command.empty()) {
    auto child = runtime::Child::create(line.command);
    if (!child) return child.error();
    subject.child = std::move(*child);
    subject.unwound_pids.push_back(subject.child_pid());
  }
  return subject;
}

// A reader that went away ends the process by SIGPIPE, as it would end any other tool; anything
// else is an error that must not pass silently.
int report_output_failure(const base::Error& failure, const runtime::RunResult& result,
                          const Messages& messages) {
  if (failure.errnum == EPIPE) {
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
  }
  messages.error(fmt::format("write to OUT failed: {}", strerror(failure.errnum)));
  return result.exit_status ? result.exit_status : 1;
}

// What was emitted is what was shown and what is reported here.
void report_losses(const runtime::RunResult& result, const base::SourceSet& sources,
                   const Messages& messages) {
  if (result.skipped > 0) {
    messages.warning(
        fmt::format("{} runs of programs were skipped, because another one was running "
                    "on the same CPU",
                    result.skipped));
  }
  if (result.lost == 0) return;
  messages.warning(fmt::format("Total lost event count: {}", result.lost));
  if (!messages.warnings) return;
  for (const runtime::Loss& loss : result.losses) {
    fmt::print(stderr, "HINT: {} lost at {}: {}\n", loss.count,
               base::show_place(sources, loss.range), sources.text(loss.range));
  }
  fputs("HINT: print less, or enlarge the ring buffer with BPFTRACE_PERF_RB_PAGES\n", stderr);
}

// A session whose programs are attached.
struct Started {
  std::unique_ptr<runtime::Session> session;
  uint32_t attached = 0;
};

// Loads and attaches the compiled program.
base::Result<Started> start(const CommandLine& line, image::Image image, const Subject& subject,
                            const base::SourceSet& sources, runtime::Output& output,
                            runtime::RingAhead ring) {
  runtime::SessionOptions options;
  options.mode = run_mode(line);
  options.verbose = line.verbose;
  options.libbpf_debug = line.debug.libbpf;
  options.verifier_debug = line.debug.verifier;
  options.warnings = line.warnings;
  options.target_pid = subject.child ? subject.child_pid() : subject.target_pid;
  options.unwound_pids = subject.unwound_pids;
  options.missing = image.config.missing_probes;
  auto log = [](const std::string& text) { fputs(text.c_str(), stderr); };

  auto session = runtime::Session::create(sources, output, options, log, std::move(ring));
  if (!session) return session.error();

  // The kernel checks the programs.
  auto number = (*session)->load(std::move(image));
  if (!number) return number.error();

  // What the process maps is remembered from now on: of the command, before it starts.
  if (options.target_pid != 0) (*session)->follow(options.target_pid, subject.child != nullptr);

  // begin probes run, the others are attached.
  auto attached = (*session)->attach(*number);
  if (!attached) return attached.error();
  return Started{std::move(*session), *attached};
}

// Runs what is attached to its end.
int trace(const CommandLine& line, Started started, Subject& subject,
          const base::SourceSet& sources, runtime::Sink& out, runtime::Output& output,
          const Messages& messages) {
  if (line.dry_run) return 0;
  std::unique_ptr<runtime::Session> session = std::move(started.session);

  // Only now does the command start, so that nothing of it is missed.
  if (subject.child) {
    auto released = subject.child->release();
    if (!released) return messages.error(released.error());
  }
  if (!subject.child && subject.target_pid == 0) session->follow(0, false);
  bool on_request = run_mode(line) != runtime::RunMode::Trace;
  if (started.attached == 0 && !on_request) {
    return messages.error("Attachment failed for all probes.", 255);
  }
  if (!line.quiet && !on_request) output.attached(started.attached);
  if (getenv(kNotifyVariable)) {
    output.flush();
    printf("%s\n", kNotifyVariable);
    fflush(stdout);
  }

  notice_ready();

  // Iterators that shall outlive this run become files.
  auto pinned = session->pin();
  if (!pinned) return messages.error(pinned.error());
  for (const std::string& path : *pinned) {
    output.flush();
    printf("Program pinned to %s\n", path.c_str());
    fflush(stdout);
  }

  // Events are shown until something ends the run; then what is left, `end`, and the maps.
  int failed = 0;
  if (on_request) {
    failed = run_on_request(line, *session, out, messages);
  } else {
    session->run(subject.child.get());
  }
  notice_stopping();
  runtime::RunResult result = session->finish();
  session.reset();
  subject.child.reset();
  if (result.output_failure) return report_output_failure(*result.output_failure, result, messages);
  if (line.mode != Mode::Bench) {
    report_losses(result, sources, messages);
  } else if (line.format == "text") {
    out.write("\n\n");
  }
  return on_request ? failed : result.exit_status;
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
    return base::Error{};
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
  auto kernel = open_kernel(line);
  fputs(info_text(kernel::survey(*kernel)).c_str(), stdout);
  if (fflush(stdout) == 0) return 0;
  return messages.error(base::system_error(errno, "write to OUT failed"));
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
  auto kernel = open_kernel(line);
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
  int exit_status = 0;
  auto understood = understand(line, sources, file, *kernel, options, messages, exit_status);
  if (understood && line.list) {
    return list_probes(line, understood->typed, subject->target_pid, *kernel, messages);
  }
  if (std::string problem = kernel->traceable_problem(); !problem.empty()) {
    messages.warning(problem);
  }
  if (!understood) return exit_status;
  messages.warning(old_kernel_warning());
  auto parameters = ast::sema::parse_parameters(understood->typed.parameters, words.named);
  if (!parameters) return messages.error(parameters.error());
  if (base::Status count = check_probe_count(line, understood->typed); !count) {
    return count.error().message.empty() ? 1 : messages.error(count.error());
  }
  const bool will_run = line.mode != Mode::Codegen;
  auto ring = will_run ? runtime::RingAhead::start(understood->typed.config.perf_rb_pages)
                       : runtime::RingAhead();
  auto image = compile(line, understood->typed, sources);
  if (!image) return messages.error(image.error());
  if (!will_run) return 0;

  auto output_fd = open_output(line);
  if (!output_fd) return messages.error(output_fd.error());
  if (line.format != "text" && line.format != "json") {
    messages.error(fmt::format("Invalid output format \"{}\"", line.format));
    fputs("Valid formats: 'text', 'json'\n", stderr);
    return 1;
  }
  runtime::Sink out(*output_fd ? output_fd->get() : 1, buffering(line));
  runtime::Sink err(2, runtime::Buffering::None);
  // Of a benchmark nothing is seen but its time.
  std::string unseen;
  runtime::Sink silence(unseen);
  bool bench = line.mode == Mode::Bench;
  auto output = bench                   ? runtime::text_output(silence, silence)
                : line.format == "json" ? runtime::json_output(out, err)
                                        : runtime::text_output(out, err);

  if (image->unwinds && subject->child) {
    // Its libraries must be there, so that their tables can be read.
    if (base::Status stopped = subject->child->run_to_entry(); !stopped) {
      return messages.error(stopped.error());
    }
  }
  auto started = start(line, std::move(*image), *subject, sources, *output, std::move(ring));
  while (!started) {
    auto feature = ast::sema::dispensable(understood->typed, started.error(), *kernel);
    if (!feature) break;
    // Once more, by other mechanisms; what there was to warn of has been said.
    kernel->withhold(*feature);
    Messages quiet = messages;
    quiet.warnings = false;
    understood = understand(line, sources, file, *kernel, options, quiet, exit_status);
    if (!understood) return exit_status;
    image = compile(line, understood->typed, sources);
    if (!image) return messages.error(image.error());
    started = start(line, std::move(*image), *subject, sources, *output, {});
  }
  if (!started) {
    // An interruption while attaching ends silently.
    return started.error().message.empty() ? 255 : messages.error(started.error());
  }
  return trace(line, std::move(*started), *subject, sources, out, *output, messages);
}

}  // namespace gimlet::cli
