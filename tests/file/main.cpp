// Golden file tests. A case (file/case.h) is a program and what a stage must print for it: parse
// and sema print their result, or, if they found mistakes, the diagnostics; codegen prints a
// summary of the image. All of it runs on the frozen system of tests/data/frozen: the same
// everywhere, without root. --update rewrites what is expected, but no case whose output
// contradicts its marks.
//
//   gimlet_file_tests [--update] [FILTER]
#include <fmt/format.h>

#include <sstream>
#include <string>
#include <vector>

#include "file/case.h"
#include "file/stages.h"

namespace {

using gimlet::file_tests::Case;

struct Counts {
  int passed = 0;
  int failed = 0;
  int rewritten = 0;
};

std::string ending_in_newline(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text + "\n";
}

// Marks the first line that differs; what follows is shown whole, since later lines often shift.
void show_difference(const std::string& expected, const std::string& actual) {
  std::istringstream want(expected);
  std::istringstream have(actual);
  std::string a;
  std::string b;
  int number = 1;
  for (;; number++) {
    const bool more_a = static_cast<bool>(std::getline(want, a));
    const bool more_b = static_cast<bool>(std::getline(have, b));
    if (more_a != more_b || a != b || !more_a) break;
  }
  fmt::print("  first difference in line {}\n--- expected\n{}--- actual\n{}---\n", number, expected,
             actual);
}

void run_case(const Case& test, bool update, Counts& counts) {
  const std::string actual = ending_in_newline(gimlet::file_tests::run_stage(test));
  const std::vector<std::string> wrong = contradictions(test, actual);
  const bool same = test.has_expected && actual == ending_in_newline(test.expected);
  if (wrong.empty() && same) {
    counts.passed++;
    return;
  }
  if (wrong.empty() && update) {
    write_case(test, actual);
    fmt::print("updated {}\n", test.name);
    counts.rewritten++;
    return;
  }
  counts.failed++;
  fmt::print("FAIL {}\n", test.name);
  for (const auto& text : wrong) fmt::print("  {}\n", text);
  if (!wrong.empty()) {
    fmt::print("--- actual\n{}---\n", actual);
  } else if (!test.has_expected) {
    fmt::print("  no expected output; run scripts/update-goldens and review it\n");
  } else {
    show_difference(test.expected, actual);
  }
}

}  // namespace

int main(int argc, char** argv) {
  bool update = false;
  std::string filter;
  for (int i = 1; i < argc; i++) {
    if (std::string_view(argv[i]) == "--update") {
      update = true;
    } else {
      filter = argv[i];
    }
  }
  Counts counts;
  for (const Case& test : gimlet::file_tests::find_cases(filter)) run_case(test, update, counts);
  if (update) {
    fmt::print("{} updated, {} unchanged, {} contradict their marks\n", counts.rewritten,
               counts.passed, counts.failed);
  } else {
    fmt::print("{} passed, {} failed\n", counts.passed, counts.failed);
  }
  return counts.failed == 0 ? 0 : 1;
}
