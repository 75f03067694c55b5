// Reads golden cases, judges an output by a case's marks, and writes cases back.
#include "file/case.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string_view>

namespace gimlet::file_tests {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExpect = "// EXPECT";
constexpr std::string_view kCovers = "// covers ";
constexpr std::string_view kFails = "// fails";
constexpr std::string_view kUnsafe = "// unsafe";
constexpr std::string_view kArchitecture = "// architecture: ";
constexpr std::string_view kNeeds = "// needs: ";
constexpr std::string_view kNeedsNot = "// needs-not: ";

// "// text" -> "text", "//" -> "".
std::string_view uncomment(std::string_view line) {
  line.remove_prefix(std::min<size_t>(line.size(), 2));
  if (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

void read_mark(Case& test, const std::string& line) {
  test.marks += line + "\n";
  if (line.starts_with(kCovers)) {
    test.covers = true;
  } else if (line == kFails) {
    test.fails = true;
  } else if (line == kUnsafe) {
    test.is_unsafe = true;
  } else if (line.starts_with(kArchitecture)) {
    test.architecture = line.substr(kArchitecture.size());
  } else if (line.starts_with(kNeeds)) {
    test.needs.push_back(line.substr(kNeeds.size()));
  } else if (line.starts_with(kNeedsNot)) {
    test.needs_not.push_back(line.substr(kNeedsNot.size()));
  } else {
    test.unknown_marks.push_back(line);
  }
}

Case read_case(const fs::path& path, const std::string& stage) {
  Case result;
  result.name = stage + "/" + path.stem().string();
  result.stage = stage;
  result.path = path;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (result.has_expected) {
      result.expected += std::string(uncomment(line)) + "\n";
    } else if (line == kExpect) {
      result.has_expected = true;
    } else if (result.covers || line.starts_with(kCovers)) {
      read_mark(result, line);
    } else {
      result.program += line + "\n";
    }
  }
  return result;
}

}  // namespace

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

std::vector<std::string> contradictions(const Case& test, const std::string& output) {
  std::vector<std::string> wrong;
  for (const auto& mark : test.unknown_marks) wrong.push_back("unknown mark: " + mark);
  const bool failed = output.find("ERROR: ") != std::string::npos;
  if (test.covers && test.fails && !failed) wrong.push_back("must report an error");
  if (test.covers && !test.fails && failed) wrong.push_back("must not report an error");
  for (const auto& text : test.needs) {
    if (output.find(text) == std::string::npos) wrong.push_back("lacks: " + text);
  }
  for (const auto& text : test.needs_not) {
    if (output.find(text) != std::string::npos) wrong.push_back("has: " + text);
  }
  return wrong;
}

void write_case(const Case& test, const std::string& output) {
  std::ofstream out(test.path, std::ios::trunc);
  out << test.program << test.marks << kExpect << "\n";
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    out << (line.empty() ? "//" : "// " + line) << "\n";
  }
}

}  // namespace gimlet::file_tests
