// The manual page and the completions must say what the tables say. scripts/gen-pages runs the
// first case with GIMLET_UPDATE_PAGES set, which writes the files.
#include "cli/option_pages.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "cli/option_table.h"

namespace gimlet::cli {
namespace {

void same_as_file(const char* name, const std::string& text) {
  const std::string path = std::string(GIMLET_TEST_DIR "/../") + name;
  if (getenv("GIMLET_UPDATE_PAGES")) {
    std::ofstream out(path);
    out << text;
    out.close();
    REQUIRE(out);
  }
  std::ifstream in(path);
  std::string found(std::istreambuf_iterator<char>(in), {});
  INFO(name << ": run scripts/gen-pages");
  CHECK(found == text);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the manual page and the completions are up to date") {
  same_as_file("docs/gimlet.8", manual_page());
  same_as_file("completions/gimlet.bash", bash_completion());
  same_as_file("completions/_gimlet", zsh_completion());
}

TEST_CASE("every option is in the manual page and the completions") {
  const std::string manual = manual_page(), bash = bash_completion(), zsh = zsh_completion();
  for (const Option& option : option_table()) {
    INFO(shown_name(option));
    if (option.has_letter()) {
      const std::string letter(1, static_cast<char>(option.code));
      CHECK(has(manual, "\\fB\\-" + letter + "\\fR"));
      // Within a line of them, at its end, or the first of all.
      CHECK((has(bash, " -" + letter + " ") || has(bash, " -" + letter + "\n") ||
             has(bash, "'-" + letter + " ")));
      CHECK(has(zsh, "-" + letter));
    }
    if (option.name) {
      const std::string name = option.name;
      CHECK(has(bash, "--" + name));
      CHECK(has(zsh, "--" + name));
      std::string roff;
      for (char c : name) roff += c == '-' ? "\\-" : std::string(1, c);
      CHECK(has(manual, "\\fB\\-\\-" + roff + "\\fR"));
    }
  }
}

TEST_CASE("options have names of their own, and words where they offer some") {
  std::set<int> codes;
  std::set<std::string> names;
  for (const Option& option : option_table()) {
    INFO(shown_name(option));
    CHECK(codes.insert(option.code).second);
    if (option.name) CHECK(names.insert(option.name).second);
    CHECK((option.has_letter() || option.name));
    const bool wants_words = option.offer == Offer::Words || option.offer == Offer::List;
    CHECK(wants_words == !std::string(option.words).empty());
    CHECK((option.argument || option.offer == Offer::Nothing));
  }
}

}  // namespace gimlet::cli
