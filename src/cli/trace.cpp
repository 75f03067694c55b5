#include "cli/trace.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "cli/run_tests.h"
#include "cli/service_notice.h"
#include "runtime/signals.h"

namespace gimlet::cli {
namespace {

constexpr const char* kNotifyVariable = "__BPFTRACE_NOTIFY_PROBES_ATTACHED";

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
  if (result.dropped > 0) {
    fmt::print(stderr, "HINT: {} of them were still to be shown when a second signal came\n",
               result.dropped);
  }
  if (result.dropped == result.lost) return;
  fputs("HINT: print less, or enlarge the ring buffer with BPFTRACE_PERF_RB_PAGES\n", stderr);
}

void say_on_stdout(runtime::Output& output, const std::string& text) {
  output.flush();
  puts(text.c_str());
  fflush(stdout);
}

// Work is shown below finished lines only; an unfinished one would be erased with it.
runtime::Progress progress_below(const TraceContext& context) {
  runtime::Progress show = context.messages.progress;
  if (!show || !isatty(context.results)) return show;
  return [show, &out = context.out](const runtime::Work& work) {
    show(out.at_line_start() ? work : runtime::Work{});
  };
}

// The command must not outlive us, not even if somebody is tired of waiting for it.
void end_child(runtime::Child& child, const Messages& messages) {
  runtime::Working working(messages.progress, "Waiting for the command to end");
  auto signals = runtime::SignalQueue::create();
  child.terminate(signals ? signals->fd() : -1);
}

}  // namespace

base::Result<Started> start(TraceContext& context, image::Image image, runtime::Ahead ahead) {
  const CommandLine& line = context.line;
  const Subject& subject = context.subject;
  runtime::SessionOptions options;
  options.mode = run_mode(line);
  options.verbose = line.verbose;
  options.libbpf_debug = line.debug.libbpf;
  options.verifier_debug = line.debug.verifier;
  options.warnings = line.warnings;
  options.colour = context.messages.colour;
  options.target_pid = traced_pid(subject);
  options.unwound_pids = subject.unwound_pids;
  options.missing = image.config.missing_probes;
  options.progress = progress_below(context);
  auto log = [&shown = context.progress, &messages = context.messages](const std::string& text) {
    shown.erase();
    fputs(messages.coloured(text).c_str(), stderr);
  };

  options.dump = [&shown = context.progress](const std::string& text) {
    shown.erase();
    fputs(text.c_str(), stdout);
    fflush(stdout);
  };

  auto session =
      runtime::Session::create(context.sources, context.output, options, log, std::move(ahead));
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

int trace(TraceContext& context, Started started) {
  const auto& [line, sources, messages, subject, progress, results, out, output] = context;
  std::unique_ptr<runtime::Session> session = std::move(started.session);
  if (line.dry_run) return 0;

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
  progress.stop();
  if (!line.quiet && !on_request) output.attached(started.attached);
  if (getenv(kNotifyVariable)) say_on_stdout(output, kNotifyVariable);
  notice_ready();

  // Iterators that shall outlive this run become files.
  auto pinned = session->pin();
  if (!pinned) return messages.error(pinned.error());
  for (const std::string& path : *pinned) say_on_stdout(output, "Program pinned to " + path);

  // Events are shown until something ends the run; then what is left, `end`, and the maps.
  int failed = 0;
  if (on_request) {
    failed = run_on_request(line, *session, out, messages);
  } else {
    session->run(subject.child.get());
  }
  notice_stopping();
  progress.start();
  runtime::RunResult result = session->finish();
  progress.stop();
  if (!result.output_failure) {
    if (line.mode != Mode::Bench) {
      report_losses(result, sources, messages);
    } else if (line.format == "text") {
      out.write("\n\n");
    }
  }

  // Everything is told; what remains is to leave nothing behind.
  progress.start();
  if (subject.child) end_child(*subject.child, messages);
  session.reset();
  progress.stop();
  if (result.output_failure) return report_output_failure(*result.output_failure, result, messages);
  return failed ? failed : result.exit_status;
}

}  // namespace gimlet::cli
