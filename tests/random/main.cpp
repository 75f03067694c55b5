// The test program: makes random programs, runs each through the tool, and compares every result
// with the independent evaluation. The last line is "N passed, N failed", counted in programs;
// skipped are those beyond the kernel's limits.
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <sstream>
#include <thread>

#include "check.h"
#include "generate.h"

namespace gimlet::random_tests {
namespace {

struct Arguments {
  std::string tool;
  std::uint64_t seed = 1;
  int programs = 200;
  int jobs = 2;
  int most_failures = 10;
  bool show = false;
  bool shrinks = true;
  Options options;
};

constexpr const char* usage =
    R"(Usage: gimlet_random_tests --gimlet FILE [OPTION...]
Make random well-typed programs, run each, and compare every printed value with
an independent evaluation.
  --seed N       seed of the first program; the next ones count up (default 1)
  --programs N   how many programs (default 200)
  --results N    result lines in a program, about (default 45 at level 1, 25 at 2)
  --level N      1: expressions, maps and branches; 2: the whole language (default 2)
  --jobs N       programs run at the same time (default 2)
  --failures N   stop after so many failing programs (default 10)
  --without LIST features to leave out, separated by commas: bool-operators
                 literal-text-to-bool zero-division str text-index text-calls
                 tuple-comparison text-parts literal-complement if-values
                 aggregate-choices block-values macros records for while
                 empty-ranges
  --no-shrink    show failing programs as generated
  --show         print the first program and run nothing
)";

std::set<std::string> split(const std::string& list) {
  std::set<std::string> parts;
  std::istringstream stream(list);
  for (std::string part; std::getline(stream, part, ',');) parts.insert(part);
  return parts;
}

bool parse(int count, char** words, Arguments& arguments) {
  for (int i = 1; i < count; ++i) {
    const std::string name = words[i];
    if (name == "--show") {
      arguments.show = true;
      continue;
    }
    if (name == "--no-shrink") {
      arguments.shrinks = false;
      continue;
    }
    if (i + 1 >= count) return false;
    const std::string value = words[++i];
    auto number = [&] { return std::atoi(value.c_str()); };
    if (name == "--gimlet") {
      arguments.tool = value;
    } else if (name == "--seed") {
      arguments.seed = std::strtoull(value.c_str(), nullptr, 0);
    } else if (name == "--programs") {
      arguments.programs = number();
    } else if (name == "--results") {
      arguments.options.results = number();
    } else if (name == "--level") {
      arguments.options.level = number();
    } else if (name == "--jobs") {
      arguments.jobs = std::max(1, number());
    } else if (name == "--failures") {
      arguments.most_failures = number();
    } else if (name == "--without") {
      arguments.options.without = split(value);
    } else {
      return false;
    }
  }
  if (arguments.options.results == 0)
    arguments.options.results = arguments.options.level > 1 ? 25 : 45;
  return arguments.show || !arguments.tool.empty();
}

class Session {
 public:
  explicit Session(const Arguments& arguments, std::string folder)
      : arguments_(arguments), folder_(std::move(folder)) {}

  int run() {
    std::vector<std::thread> workers;
    for (int i = 0; i < arguments_.jobs; ++i) workers.emplace_back([this, i] { work(i); });
    for (auto& worker : workers) worker.join();
    std::cout << passed_ + failed_ + skipped_ << " programs, " << expressions_
              << " result expressions\n"
              << passed_ << " passed, " << failed_ << " failed";
    if (skipped_ > 0) std::cout << ", " << skipped_ << " skipped";
    std::cout << "\n";
    return failed_ == 0 && passed_ > skipped_ ? 0 : 1;
  }

 private:
  void work(int worker) {
    const Tool tool{arguments_.tool, folder_, worker};
    for (int i = next_++; i < arguments_.programs; i = next_++) {
      if (failed_ >= arguments_.most_failures) return;
      const auto seed = arguments_.seed + static_cast<std::uint64_t>(i);
      auto program = generate(seed, arguments_.options);
      expressions_ += result_lines(program.body);
      auto failure = check(program, tool);
      if (!failure) {
        ++passed_;
        continue;
      }
      if (failure.kind == "limit") {
        ++skipped_;
        continue;
      }
      ++failed_;
      report(seed, std::move(program), failure, tool);
    }
  }

  void report(std::uint64_t seed, Program program, Failure failure, const Tool& tool) {
    if (arguments_.shrinks) {
      program = shrink(std::move(program), failure, tool);
      // Looked at once more: the small program's own expected and actual values.
      if (auto smaller = check(program, tool)) failure = smaller;
    }
    const std::lock_guard lock(output_);
    std::cout << "FAIL seed " << seed << ": " << failure.kind << "\n"
              << failure.detail << "program:\n"
              << print(program) << std::endl;
  }

  const Arguments& arguments_;
  std::string folder_;
  std::mutex output_;
  std::atomic<int> next_ = 0, passed_ = 0, failed_ = 0, skipped_ = 0;
  std::atomic<long> expressions_ = 0;
};

int main(int count, char** words) {
  Arguments arguments;
  if (count > 1 && std::string(words[1]) == "--help") {
    std::cout << usage;
    return 0;
  }
  if (!parse(count, words, arguments)) {
    std::cerr << usage;
    return 2;
  }
  if (arguments.show) {
    std::cout << print(generate(arguments.seed, arguments.options));
    return 0;
  }
  std::string folder = (std::filesystem::temp_directory_path() / "gimlet-random-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    std::cerr << "cannot make a temporary folder\n";
    return 2;
  }
  const int status = Session(arguments, folder).run();
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return status;
}

}  // namespace
}  // namespace gimlet::random_tests

int main(int count, char** words) { return gimlet::random_tests::main(count, words); }
