// docs/reference.md must say what the tables say. scripts/gen-reference runs this with
// GIMLET_UPDATE_REFERENCE set, which writes the page first.
#include "ast/reference.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

TEST_CASE("the reference page is up to date") {
  const std::string path = std::string(GIMLET_TEST_DIR) + "/../docs/reference.md";
  const std::string page = gimlet::ast::reference_page();
  if (std::getenv("GIMLET_UPDATE_REFERENCE")) std::ofstream(path) << page;
  std::ifstream file(path);
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  INFO("run scripts/gen-reference");
  CHECK((written == page));
}
