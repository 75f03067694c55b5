// A golden case on disk. tests/file/STAGE/NAME.bt holds, in this order: the program; the marks,
// from the first line "// covers" on; the line "// EXPECT"; and what the stage must print, one
// comment line for each line of output. Marks are what was decided by hand and no update may
// change:
//
//   // covers §6.3 §13.1      sections of the language's specification that the case shows
//   // fails                  the stage must report an error; without it, it must not
//   // unsafe                 as with --unsafe
//   // architecture: NAME     as on another one: what that lacks is refused
//   // needs: TEXT            the output must contain this text
//   // needs-not: TEXT        the output must not contain it
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gimlet::file_tests {

struct Case {
  std::string name;   // STAGE/NAME
  std::string stage;  // parse, sema, codegen
  std::filesystem::path path;
  std::string program;   // up to the marks
  std::string marks;     // as they stand in the file
  std::string expected;  // after "// EXPECT", without the comment signs
  bool has_expected = false;
  bool covers = false;
  bool fails = false;
  bool is_unsafe = false;
  std::string architecture;  // empty: this machine's
  std::vector<std::string> needs;
  std::vector<std::string> needs_not;
  std::vector<std::string> unknown_marks;
};

std::vector<Case> find_cases(const std::string& filter);

// What in `output` contradicts the marks, one text for each.
std::vector<std::string> contradictions(const Case& test, const std::string& output);

// Writes the case back with `output` as what is expected.
void write_case(const Case& test, const std::string& output);

}  // namespace gimlet::file_tests
