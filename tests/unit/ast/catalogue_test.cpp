// The catalogue has to be sound (codes, pages, patterns that do not hide each other), every message
// of the golden cases has to be in it, and docs/diagnostics.md must say what it says.
// scripts/gen-diagnostics runs the last with GIMLET_UPDATE_REFERENCE set, which writes the page.
#include "ast/catalogue.h"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "ast/catalogue_page.h"

namespace gimlet::ast {
namespace {

std::string replace_all(std::string text, std::string_view what, std::string_view with) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
  return text;
}

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// "6", "6.4"
bool is_section(std::string_view text) {
  if (text.empty() || !is_digit(text.front()) || !is_digit(text.back())) return false;
  return std::ranges::count(text, '.') <= 1 &&
         std::ranges::all_of(text, [](char c) { return c == '.' || is_digit(c); });
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// Lines that belong to a message above them, and messages that a program wrote itself.
bool is_no_kind(const std::string& message) {
  constexpr std::array kStarts = {"left (",
                                  "right (",
                                  "expanded from",
                                  "This is the initial ",
                                  "The first definition is here",
                                  "The first declaration is here",
                                  "this type has been locked by",
                                  "this is the other probe"};
  constexpr std::array kOwn = {"four is not eight", "reached all the same",
                               "wrong number 5 of things"};
  return std::ranges::any_of(kStarts, [&](auto start) { return message.starts_with(start); }) ||
         std::ranges::find(kOwn, message) != kOwn.end();
}

// The text behind "ERROR: " or "WARNING: " in an expected line of a golden case.
std::string message_in(const std::string& line) {
  if (!line.starts_with("// ") || line.starts_with("// needs")) return {};
  for (const char* label : {": ERROR: ", ": WARNING: "}) {
    size_t at = line.find(label);
    if (at != std::string::npos) return line.substr(at + strlen(label));
  }
  return {};
}

}  // namespace

TEST_CASE("codes of diagnostics are well formed and unique") {
  std::set<std::string> numbers;
  for (const DiagnosticKind& kind : diagnostic_kinds()) {
    const std::string code = kind.code;
    INFO(code);
    REQUIRE(code.size() == 5);
    CHECK(std::all_of(code.begin() + 1, code.end(), is_digit));
    const char letter = kind.severity == DiagnosticClass::Error     ? 'E'
                        : kind.severity == DiagnosticClass::Warning ? 'W'
                                                                    : 'R';
    CHECK(code[0] == letter);
    CHECK(numbers.insert(code.substr(1)).second);
  }
}

TEST_CASE("every diagnostic names a section and explains itself by programs") {
  for (const DiagnosticKind& kind : diagnostic_kinds()) {
    INFO(kind.code);
    CHECK(is_section(kind.section));
    const std::vector<std::string> lines = lines_of(kind.page);
    size_t blocks = 0, prose = 0;
    for (size_t i = 1; i < lines.size(); i++) {
      const bool code = lines[i].starts_with("    ");
      CHECK((code || !lines[i].starts_with(" ")));
      blocks += code && !lines[i - 1].starts_with("    ");
      prose += !code && !lines[i].empty();
      CHECK(lines[i].size() <= 90);
      // Markdown takes an indented line for code only after an empty one.
      if (code) CHECK((lines[i - 1].empty() || lines[i - 1].starts_with("    ")));
    }
    CHECK(blocks >= 2);
    CHECK(prose >= 1);
    CHECK(lines.front().empty());
    CHECK(std::string(kind.page).ends_with("\n"));
    CHECK(std::string(kind.page).find(kind.pattern) == std::string::npos);
  }
}

TEST_CASE("every pattern is found as its own row") {
  std::set<std::string> patterns;
  for (const DiagnosticKind& kind : diagnostic_kinds()) {
    INFO(kind.code << " " << kind.pattern);
    CHECK(patterns.insert(kind.pattern).second);
    for (const char* sample : {"x", "a 'b' c", "int8 *, @m[1]: {0}"}) {
      const std::string message = replace_all(kind.pattern, "{}", sample);
      CHECK(find_kind(message) == &kind);
      CHECK(find_kind("syntax: " + message) == &kind);
    }
  }
}

TEST_CASE("the pattern with the most fixed text wins") {
  REQUIRE(find_kind("syntax: expected ';' after import"));
  CHECK(find_kind("syntax: expected ';' after import")->code == std::string("E0212"));
  CHECK(find_kind("expected ';'")->code == std::string("E0101"));
  CHECK(find_kind("expected ';' after the member 'a', found 'int'")->code == std::string("E1103"));
  CHECK(find_kind("No matches for tracepoint a:b.")->code == std::string("E1011"));
  CHECK(find_kind("No matches for tracepoint a:b. Skipping.")->code == std::string("W1012"));
  CHECK(find_kind("Invalid condition: ") == nullptr);
  CHECK(find_kind("Invalid condition") == nullptr);
  CHECK(find_kind("nothing that gimlet says") == nullptr);
  CHECK(find_kind("") == nullptr);
}

TEST_CASE("codes are found in either case and explained") {
  const DiagnosticKind* kind = kind_by_code("e0903");
  REQUIRE(kind);
  CHECK(kind == kind_by_code("E0903"));
  CHECK(kind_by_code("E0000") == nullptr);
  CHECK(kind_by_code("") == nullptr);
  const std::string text = explain(*kind);
  CHECK(text.starts_with("E0903: ...() requires no arguments (... provided)\n\nThe function"));
  CHECK(text.ends_with("\n\nSee section 20.2 of the language guide.\n"));
}

TEST_CASE("every message of the golden cases is in the catalogue") {
  const std::string root = std::string(GIMLET_TEST_DIR) + "/file";
  size_t found = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(root)) {
    if (file.path().extension() != ".bt") continue;
    std::ifstream stream(file.path());
    for (std::string line; std::getline(stream, line);) {
      const std::string message = message_in(line);
      if (message.empty() || is_no_kind(message)) continue;
      INFO(file.path().filename().string() << ": " << message);
      CHECK(find_kind(message) != nullptr);
      found++;
    }
  }
  CHECK(found > 200);
}

TEST_CASE("the page of diagnostics is up to date") {
  const std::string path = std::string(GIMLET_TEST_DIR) + "/../docs/diagnostics.md";
  const std::string page = diagnostics_page();
  if (std::getenv("GIMLET_UPDATE_REFERENCE")) std::ofstream(path) << page;
  std::ifstream file(path);
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  INFO("run scripts/gen-diagnostics");
  CHECK((written == page));
}

}  // namespace gimlet::ast
