// How the operand of -l is taken apart.
#include "list/pattern.h"

#include <catch2/catch_test_macros.hpp>

using namespace gimlet::list;
using Parts = std::vector<std::string>;

TEST_CASE("patterns are separated by commas and trimmed") {
  const auto patterns = split_patterns(" t:sched:*, k:vfs_* ,,struct task_struct ");
  REQUIRE(patterns.size() == 3);
  CHECK(patterns[0].provider == "t");
  CHECK(patterns[0].parts == Parts{"sched", "*"});
  CHECK(patterns[0].whole() == "sched:*");
  CHECK(patterns[1].parts == Parts{"vfs_*"});
  CHECK(patterns[2].names_type());
  CHECK(patterns[2].text == "struct task_struct");
  CHECK(split_patterns(" , ").empty());
}

TEST_CASE("a pattern without a colon is for every provider") {
  const auto patterns = split_patterns("*sleep*");
  REQUIRE(patterns.size() == 1);
  CHECK(patterns[0].provider == "*");
  CHECK(patterns[0].parts == Parts{"*sleep*"});
  CHECK_FALSE(patterns[0].names_type());
}

TEST_CASE("a provider alone is all of it") {
  CHECK(split_patterns("kprobe:")[0].parts == Parts{"*"});
  CHECK(split_patterns("software:dummy:")[0].whole() == "dummy:");
}

TEST_CASE("quotes keep what would separate") {
  const auto patterns = split_patterns("uprobe:\"/opt/a, b:c/\\\"x\\\"\":main,k:f");
  REQUIRE(patterns.size() == 2);
  CHECK(patterns[0].parts == Parts{"/opt/a, b:c/\"x\"", "main"});
  CHECK(split_patterns("u:\"open")[0].parts == Parts{"open"});
}
