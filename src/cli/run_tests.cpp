#include "cli/run_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "runtime/value_json.h"

namespace gimlet::cli {
namespace {

using runtime::NamedProgram;
using runtime::ProgramRun;

// --- tests ---

enum Colour { kGreen = 32, kRed = 31 };

std::string mark(Colour colour, const char* label) {
  return fmt::format("\033[{}m[{}]\033[0m", static_cast<int>(colour), label);
}

std::string duration_text(uint64_t nanoseconds) {
  constexpr const char* kUnits[] = {"ns", "\u03bcs", "ms", "s"};
  size_t unit = 0;
  for (; nanoseconds >= 1000 && unit + 1 < std::size(kUnits); unit++) nanoseconds /= 1000;
  return fmt::format("{} {}", nanoseconds, kUnits[unit]);
}

std::string counted(size_t count) { return fmt::format("{} test{}", count, count == 1 ? "" : "s"); }

// One test that was run.
struct Outcome {
  std::string name;
  bool passed = false;
  uint64_t nanoseconds = 0;
  std::string shown;  // what it printed
};

std::string text_of(const Outcome& outcome) {
  std::string duration = duration_text(outcome.nanoseconds);
  if (outcome.passed) {
    return fmt::format("{} {} ({})\n", mark(kGreen, "       OK "), outcome.name, duration);
  }
  std::string shown = outcome.shown;
  if (!shown.empty() && !shown.ends_with('\n')) shown += '\n';
  return fmt::format("{}{} {} ({})\n", shown, mark(kRed, "  FAILED  "), outcome.name, duration);
}

std::string json_of(const Outcome& outcome) {
  return fmt::format(
      "{{\"type\": \"test_result\", \"data\": {{{}: {{\"duration\": {}, \"passed\": {}, "
      "\"output\": {}}}}}}}\n",
      runtime::json_string(outcome.name), outcome.nanoseconds, outcome.passed,
      runtime::json_string(outcome.shown));
}

std::string summary(size_t run, const std::vector<std::string>& failed) {
  std::string text = fmt::format("{} {} ran.\n", mark(kGreen, "=========="), counted(run));
  text += fmt::format("{} {}.\n", mark(kGreen, "  PASSED  "), counted(run - failed.size()));
  if (failed.empty()) return text;
  text += fmt::format("{} {}, listed below:\n", mark(kRed, "  FAILED  "), counted(failed.size()));
  for (const std::string& name : failed) {
    text += fmt::format("{} {}\n", mark(kRed, "  FAILED  "), name);
  }
  return text;
}

// What a program sends is kept as text, also where results are JSON.
base::Result<ProgramRun> run_kept(runtime::Session& session, const NamedProgram& program,
                                  uint32_t times, std::string& shown) {
  shown.clear();
  runtime::Sink kept(shown);
  auto output = runtime::text_output(kept, kept);
  return session.run_named(program, times, *output);
}

int run_tests(runtime::Session& session, bool json, runtime::Sink& out, const Messages& messages) {
  std::vector<NamedProgram> tests = session.named_programs();
  std::vector<std::string> failed;
  size_t run = 0;
  if (!json) {
    out.write(fmt::format("{} Running {} tests.\n", mark(kGreen, "=========="), tests.size()));
  }
  for (const NamedProgram& test : tests) {
    if (session.interrupted()) break;
    if (!json) out.write(fmt::format("{} {}\n", mark(kGreen, " RUN      "), test.name));
    Outcome outcome{test.name, false, 0, {}};
    auto ended = run_kept(session, test, 1, outcome.shown);
    if (!ended) {
      out.flush();
      return messages.error(ended.error());
    }
    outcome.passed = ended->returned == 0 && !ended->failed;
    outcome.nanoseconds = ended->nanoseconds;
    out.write(json ? json_of(outcome) : text_of(outcome));
    if (!outcome.passed) failed.push_back(test.name);
    run++;
  }
  if (!json) out.write(summary(run, failed));
  return failed.empty() && run == tests.size() ? 0 : 1;
}

// --- benchmarks ---

constexpr uint64_t kLongEnough = 1000000;  // nanoseconds
constexpr uint32_t kMostTimes = 1000000000;

// How many times as often to run a program that took this long for all its runs together.
uint32_t growth(uint64_t nanoseconds) {
  if (nanoseconds < 1000) return 1000;
  if (nanoseconds < 10000) return 100;
  if (nanoseconds < 100000) return 10;
  return 2;
}

struct Measured {
  ProgramRun run;
  uint32_t times = 1;
};

// Runs it more and more often, until that takes long enough to be measured.
base::Result<Measured> measure(runtime::Session& session, const NamedProgram& program) {
  Measured measured;
  std::string unseen;
  for (;;) {
    auto run = run_kept(session, program, measured.times, unseen);
    if (!run) return run.error();
    measured.run = *run;
    uint64_t total = measured.times * run->nanoseconds;
    bool over = run->failed || run->returned != 0 || session.interrupted();
    if (over || total >= kLongEnough || measured.times >= kMostTimes) return measured;
    measured.times = static_cast<uint32_t>(
        std::min<uint64_t>(uint64_t{measured.times} * growth(total), kMostTimes));
  }
}

class BenchmarkTable {
 public:
  BenchmarkTable(const std::vector<NamedProgram>& programs, bool json, runtime::Sink& out)
      : json_(json), out_(out) {
    size_t longest = 40;
    for (const NamedProgram& program : programs) longest = std::max(longest, program.name.size());
    name_width_ = longest + 1;
  }

  void add(const std::string& name, const Measured& measured) {
    if (json_) {
      out_.write(
          fmt::format("{{\"type\": \"benchmark_result\", \"data\": {{{}: {{\"average\": {}, "
                      "\"iters\": {}}}}}}}\n",
                      runtime::json_string(name), measured.run.nanoseconds, measured.times));
      return;
    }
    if (!std::exchange(has_head_, true)) {
      std::string head = row("Benchmark", "Time(ns)", "Iterations");
      out_.write(head + std::string(head.size() - 1, '-') + "\n");
    }
    out_.write(
        row(name, fmt::format("{}", measured.run.nanoseconds), fmt::format("{}", measured.times)));
  }

 private:
  std::string row(const std::string& name, const std::string& time, const std::string& times) {
    return fmt::format("{:<{}}{:<15}{}\n", name, name_width_, time, times);
  }

  bool json_;
  runtime::Sink& out_;
  size_t name_width_ = 0;
  bool has_head_ = false;
};

int run_benchmarks(runtime::Session& session, bool json, runtime::Sink& out,
                   const Messages& messages) {
  std::vector<NamedProgram> benchmarks = session.named_programs();
  BenchmarkTable table(benchmarks, json, out);
  for (const NamedProgram& benchmark : benchmarks) {
    if (session.interrupted()) return 1;
    auto measured = measure(session, benchmark);
    if (measured && !measured->run.failed) {
      if (measured->run.returned == 0) table.add(benchmark.name, *measured);
      continue;
    }
    out.flush();
    return measured ? messages.error(fmt::format("Benchmark '{}' failed.", benchmark.name))
                    : messages.error(measured.error());
  }
  return 0;
}

}  // namespace

runtime::RunMode run_mode(const CommandLine& line) {
  if (line.mode == Mode::Test) return runtime::RunMode::Test;
  return line.mode == Mode::Bench ? runtime::RunMode::Bench : runtime::RunMode::Trace;
}

int run_on_request(const CommandLine& line, runtime::Session& session, runtime::Sink& out,
                   const Messages& messages) {
  bool json = line.format == "json";
  // What `begin` printed comes before the report.
  session.show_pending();
  return line.mode == Mode::Bench ? run_benchmarks(session, json, out, messages)
                                  : run_tests(session, json, out, messages);
}

}  // namespace gimlet::cli
