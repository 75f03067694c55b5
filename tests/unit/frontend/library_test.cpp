// The reference describes exactly the macros that the library has.
#include "frontend/library.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "ast/library_macros.h"
#include "frontend/stdlib_files.h"

namespace gimlet::frontend {
namespace {

// The names behind "macro " at the start of lines.
std::vector<std::string> defined_names() {
  std::vector<std::string> names;
  for (const File& file : files()) {
    constexpr std::string_view kHead = "\nmacro ";
    for (size_t at = file.text.find(kHead); at != std::string_view::npos;
         at = file.text.find(kHead, at + 1)) {
      std::string_view rest = file.text.substr(at + kHead.size());
      names.emplace_back(rest.substr(0, rest.find('(')));
    }
  }
  return names;
}

}  // namespace

TEST_CASE("every macro of the library is in the reference") {
  for (const std::string& name : defined_names()) {
    INFO(name);
    CHECK(std::ranges::any_of(ast::library_macros(),
                              [&](const ast::LibraryMacro& row) { return row.name == name; }));
  }
}

TEST_CASE("every macro of the reference is in the library") {
  base::SourceSet sources;
  Library library(sources, {});
  for (const ast::LibraryMacro& row : ast::library_macros()) {
    INFO(row.name);
    CHECK_FALSE(library.library(row.name).empty());
  }
}

}  // namespace gimlet::frontend
