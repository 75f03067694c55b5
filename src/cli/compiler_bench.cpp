#include "cli/compiler_bench.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>

#include "cli/compile.h"
#include "cli/info.h"
#include "codegen/generate.h"

namespace gimlet::cli {
namespace {

uint64_t cpu_time() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000000 + static_cast<uint64_t>(now.tv_nsec);
}

// The samples of one pass, in nanoseconds, as sums.
struct Samples {
  uint64_t count = 0;
  double sum = 0;
  double squares = 0;

  void add(uint64_t sample) {
    const auto value = static_cast<double>(sample);
    count++;
    sum += value;
    squares += value * value;
  }
  bool enough() const { return (sum >= 1e8 && count > 3) || count >= 10000; }
  double mean() const { return sum / static_cast<double>(count); }
  // Half the width of the 95 % interval of the mean.
  double error() const {
    if (count < 2) return 0;
    const auto n = static_cast<double>(count);
    const double variance = std::max(0.0, (squares - sum * sum / n) / (n - 1));
    return 1.96 * std::sqrt(variance / n);
  }
};

std::string row(const std::string& name, uint64_t count, double total, double mean, double error) {
  constexpr const char* kUnits[] = {"ns", "\u03bcs", "ms", "s"};
  size_t unit = 0;
  for (; mean >= 1000 && unit + 1 < std::size(kUnits); unit++) {
    mean /= 1000;
    error /= 1000;
  }
  return fmt::format("{:<30}{:>8}{:>14.0f}  {:.3f} \u00b1 {:.3f} {}\n", name, count, total, mean,
                     error, kUnits[unit]);
}

class Report {
 public:
  void measure(const char* pass, const std::function<uint64_t()>& sample) {
    Samples samples;
    while (!samples.enough()) samples.add(sample());
    fputs(row(pass, samples.count, samples.sum, samples.mean(), samples.error()).c_str(), stdout);
    fflush(stdout);
    iterations_ += samples.count;
    total_ += samples.sum;
    mean_ += samples.mean();
    squared_error_ += samples.error() * samples.error();
  }
  void finish() const {
    fputs(row("total", iterations_, total_, mean_, std::sqrt(squared_error_)).c_str(), stdout);
  }

 private:
  uint64_t iterations_ = 0;
  double total_ = 0;
  double mean_ = 0;
  double squared_error_ = 0;
};

}  // namespace

int bench_compiler(const CommandLine& line, const base::SourceFile& program, kernel::Kernel& kernel,
                   const ast::sema::Options& options, const Messages& messages) {
  fputs(info_text(kernel::survey(kernel)).c_str(), stdout);
  fflush(stdout);
  // What is wrong with the program is said once. This run also reads what later ones remember.
  base::SourceSet sources;
  base::FileId file = sources.add(program.name(), std::string(program.text()));
  int exit_status = 0;
  auto understood = understand(line, sources, file, kernel, options, messages, exit_status);
  if (!understood) {
    puts("FAIL");
    return exit_status;
  }
  auto image = codegen::generate(understood->typed, sources);
  if (!image) {
    messages.error(image.error());
    puts("FAIL");
    return image.error().exit_status;
  }

  CommandLine silent = line;
  silent.debug = {};
  Report report;
  for (const char* pass : kFrontPasses) {
    report.measure(pass, [&] {
      base::SourceSet fresh;
      base::FileId copy = fresh.add(program.name(), std::string(program.text()));
      uint64_t begin = cpu_time(), taken = 0;
      understand(silent, fresh, copy, kernel, options, messages, exit_status,
                 [&](const char* finished) {
                   uint64_t now = cpu_time();
                   taken = now - std::exchange(begin, now);
                   return strcmp(finished, pass) != 0;
                 });
      return taken;
    });
  }
  report.measure("generate code", [&] {
    uint64_t begin = cpu_time();
    auto again = codegen::generate(understood->typed, sources);
    return cpu_time() - begin;
  });
  report.finish();
  puts("PASS");
  return 0;
}

}  // namespace gimlet::cli
