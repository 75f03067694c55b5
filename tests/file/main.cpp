// Golden file tests. A case is tests/file/STAGE/NAME.bt; what the stage must print for it stands in
// the file itself, after the line "// EXPECT", one comment line for each line of output. The
// program is what stands before that line. parse and sema print their result, or, if they found
// mistakes, the diagnostics; codegen prints a summary of the image. All of it runs on the frozen
// system of tests/data/frozen: the same everywhere, without root.
//
//   gimlet_file_tests [--update] [FILTER]
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "file/stages.h"

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMark = "// EXPECT";

struct Case {
  std::string name;   // STAGE/NAME
  std::string stage;  // parse, sema, codegen
  fs::path path;
  std::string program;   // up to the mark
  std::string expected;  // after it, without the comment signs
  bool has_mark = false;
};

// "// text" -> "text", "//" -> "".
std::string_view uncomment(std::string_view line) {
  line.remove_prefix(std::min<size_t>(line.size(), 2));
  if (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

Case read_case(const fs::path& path, const std::string& stage) {
  Case result;
  result.name = stage + "/" + path.stem().string();
  result.stage = stage;
  result.path = path;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!result.has_mark && line == kMark) {
      result.has_mark = true;
    } else if (result.has_mark) {
      result.expected += std::string(uncomment(line)) + "\n";
    } else {
      result.program += line + "\n";
    }
  }
  return result;
}

std::vector<Case> find_cases(const std::string& filter) {
  std::vector<Case> cases;
  for (const std::string stage : {"parse", "sema", "codegen"}) {
    const fs::path folder = fs::path(GIMLET_TEST_DIR) / "file" / stage;
    if (!fs::is_directory(folder)) continue;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".bt") continue;
      Case found = read_case(entry.path(), stage);
      if (found.name.find(filter) != std::string::npos) cases.push_back(std::move(found));
    }
  }
  std::sort(cases.begin(), cases.end(),
            [](const Case& a, const Case& b) { return a.name < b.name; });
  return cases;
}

std::string ending_in_newline(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text + "\n";
}

void write_case(const Case& test, const std::string& output) {
  std::ofstream out(test.path, std::ios::trunc);
  out << test.program << kMark << "\n";
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    out << (line.empty() ? "//" : "// " + line) << "\n";
  }
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

  int passed = 0;
  int failed = 0;
  int rewritten = 0;
  for (const Case& test : find_cases(filter)) {
    const std::string actual = ending_in_newline(
        gimlet::file_tests::run_stage(test.stage, test.path.filename().string(), test.program));
    if (test.has_mark && actual == ending_in_newline(test.expected)) {
      passed++;
    } else if (update) {
      write_case(test, actual);
      fmt::print("updated {}\n", test.name);
      rewritten++;
    } else if (!test.has_mark) {
      fmt::print("FAIL {}: no expected output; run scripts/update-goldens and review it\n",
                 test.name);
      failed++;
    } else {
      fmt::print("FAIL {}\n", test.name);
      show_difference(test.expected, actual);
      failed++;
    }
  }
  if (update) {
    fmt::print("{} updated, {} unchanged\n", rewritten, passed);
    return 0;
  }
  fmt::print("{} passed, {} failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
