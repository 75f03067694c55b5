// Unit tests of the table of commands, of saved sessions, and of completion's parts.
#include "interactive/command.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "interactive/completion.h"
#include "interactive/session_file.h"
#include "interactive/topics.h"

using namespace gimlet::interactive;

TEST_CASE("every command has its name, its help and its function") {
  std::set<std::string> names;
  for (const Command& command : commands()) {
    INFO(command.name);
    CHECK(names.insert(command.name).second);
    CHECK(std::string_view(command.summary).size() >= 10);
    CHECK(command.run != nullptr);
    CHECK(find_command(command.name) == &command);
    CHECK(help_overview().find(usage(command)) != std::string::npos);
    CHECK(help_on(command).find(command.summary) != std::string::npos);
    CHECK((command.least == 0 || *command.arguments));
  }
}

TEST_CASE("commands are found by what is unambiguous of their names") {
  CHECK(find_command("prob") == find_command("probes"));
  CHECK(find_command("s") == nullptr);
  CHECK(find_command("") == nullptr);
  CHECK(find_command("nonsense") == nullptr);
}

TEST_CASE("a saved session falls into its cells, any other text is one") {
  CHECK(entries_of("kprobe:f { }\nkprobe:g { }\n") ==
        std::vector<std::string>{"kprobe:f { }\nkprobe:g { }\n"});
  CHECK(entries_of("// head\n//: cell 1\nA\n//: cell 4 named\nB\nC\n") ==
        std::vector<std::string>{"A\n", "named = B\nC\n"});
  CHECK(entries_of("") == std::vector<std::string>{""});
}

TEST_CASE("what candidates have in common is completed") {
  CHECK(Completion{0, {"sys_enter", "sys_exit"}}.common_prefix() == "sys_e");
  CHECK(Completion{0, {"one"}}.common_prefix() == "one");
  CHECK(Completion{}.common_prefix().empty());
  CHECK(word_at_end("f(@cal") == "@cal");
  CHECK(word_at_end("x + hi") == "hi");
  CHECK(word_at_end("args.").empty());
}

TEST_CASE("everything that has a table has documentation") {
  for (const std::string& name : documented_names()) {
    INFO(name);
    CHECK(documentation(name).has_value());
  }
  CHECK(documentation("E0604").has_value());
  CHECK_FALSE(documentation("no such thing").has_value());
}
