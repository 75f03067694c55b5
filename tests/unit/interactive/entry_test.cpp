// Unit tests of entries: where they end, what they are, and what they are called.
#include "interactive/entry.h"

#include <catch2/catch_test_macros.hpp>

#include "interactive/brackets.h"

using namespace gimlet;
using namespace gimlet::interactive;

namespace {

ParsedEntry parsed(const std::string& text) {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  base::FileId file = sources.add("entry", text);
  ParsedEntry entry = parse_entry(sources, file, entry_name(text).body, diagnostics);
  CHECK_FALSE(diagnostics.has_errors());
  return entry;
}

std::string mistake_in(const std::string& text) {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  base::FileId file = sources.add("entry", text);
  parse_entry(sources, file, entry_name(text).body, diagnostics);
  if (diagnostics.all().empty()) return {};
  const base::Diagnostic& first = diagnostics.all().front();
  return base::show_place(sources, first.range.value()) + " " + first.message;
}

}  // namespace

TEST_CASE("an entry is complete when nothing has to follow") {
  for (const char* text : {"",
                           "  \n",
                           "// only a comment\n",
                           "1 + 2",
                           "nsecs",
                           "@x",
                           "@x = 1; @y = 2",
                           ".probes",
                           ".edit 3",
                           "tracepoint:a:b { }",
                           "n = tracepoint:a:b { @ = count(); }",
                           "if (@x > 1) { print(1) }",
                           "for $i : 1..3 { print($i) }",
                           "macro f(e) { e * 2 }",
                           "struct s { int a; };",
                           "#define N 4",
                           "let @m = hash(3);",
                           "config = { max_strlen = 64 }",
                           "import \"x.bt\";",
                           "begin { } end { }",
                           "kprobe:f\n/pid == 1/\n{\n}\n"}) {
    INFO(text);
    CHECK(is_complete(text));
  }
}

TEST_CASE("an entry goes on while more has to follow") {
  for (const char* text :
       {"tracepoint:a:b", "tracepoint:a:b {", "kprobe:f /pid == 1/", "begin", "END", "1 +", "f(1,",
        "n = kprobe:f", "n =", "@x = ", "/* open", "macro f(e) {", "#define N \\", "{ @x = 1;",
        ".edit 3 kprobe:f", ".edit 3 kprobe:f {", "kprobe:f,\nkprobe:g"}) {
    INFO(text);
    CHECK_FALSE(is_complete(text));
  }
}

TEST_CASE("a mistake ends an entry unless more text could repair it") {
  CHECK(is_complete("@x = = 1"));
  CHECK(is_complete("nonsense text {\n}"));
  CHECK(is_complete("1 + }"));
  CHECK(is_complete("\"open"));
  CHECK_FALSE(is_complete("@x = = {"));
}

TEST_CASE("a bare expression is found, statements are none") {
  CHECK(parsed("1 + 2").value);
  CHECK(parsed("@x;").value);
  CHECK(parsed("print(1)").value);
  CHECK_FALSE(parsed("@x = 1").value);
  CHECK_FALSE(parsed("@x = 1; @x").value);
  CHECK(parsed("@x = 1; @y = 2; if (@x) { @y = 3 }").statements);
  CHECK_FALSE(parsed("begin { }").statements);
  CHECK_FALSE(parsed("import \"a.bt\";").statements);
  CHECK(parsed("begin { } end { }").program.probes.size() == 2);
}

TEST_CASE("a name stands in front of a program") {
  CHECK(entry_name("n = kprobe:f { }").name == "n");
  CHECK(entry_name("  long_name=kprobe:f { }").body == 12);
  CHECK(entry_name("config = { }").name.empty());
  CHECK(entry_name("a == b").name.empty());
  CHECK(entry_name("@n = 1").name.empty());
  CHECK(entry_name("2 = kprobe:f { }").name.empty());
  CHECK(parsed("n = kprobe:f { }").program.probes.front().attach_points.front().text == "kprobe:f");
}

TEST_CASE("mistakes keep their places behind a name, and are those of the likelier reading") {
  CHECK(mistake_in("n = kprobe:f { @x = ; }").starts_with("entry:1:21-22 syntax: "));
  CHECK(mistake_in("@x = 1; @y = ;").starts_with("entry:1:14-15 syntax: "));
  CHECK(mistake_in("kprobe:f { @x = ; }").starts_with("entry:1:17-18 syntax: "));
}

TEST_CASE("brackets, strings and comments tell where a text goes on") {
  CHECK(read_brackets("f(a[1]").open == 1);
  CHECK(read_brackets("}}{").open == 1);
  CHECK(read_brackets("print(\"(((\")").open == 0);
  CHECK(read_brackets("// {{{\n").only_layout);
  CHECK(read_brackets("/* {").in_comment);
  CHECK(read_brackets("print(\"a\\\"").in_string);
  CHECK_FALSE(read_brackets("\"open\n1").in_string);
}
