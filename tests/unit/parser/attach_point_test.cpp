#include <catch2/catch_test_macros.hpp>

#include "unit/parser/parsed.h"

using namespace gimlet;
using namespace gimlet::parser::test;

namespace {

// "text|text|..." with quoted parts in quotes.
std::string parts(const ast::AttachPoint& attach_point) {
  std::string out;
  for (const auto& part : attach_point.parts) {
    if (!out.empty()) out += "|";
    out += part.quoted ? "\"" + part.text + "\"" : part.text;
  }
  return out;
}

std::string parts(const std::string& text) {
  Parsed parsed = parse_text(text + " { }");
  if (parsed.diagnostics.has_errors()) return parsed.diagnostics.all()[0].message;
  const ast::AttachPoint& attach_point = parsed.program.probes.at(0).attach_points.at(0);
  CHECK(attach_point.text == text);
  CHECK(parsed.text(attach_point.range) == text);
  return parts(attach_point);
}

TEST_CASE("parts of attach points", "[parser]") {
  CHECK(parts("BEGIN") == "BEGIN");
  CHECK(parts("i:s:1") == "i|s|1");
  CHECK(parts("kprobe:vfs_*") == "kprobe|vfs_*");
  CHECK(parts("tracepoint:a:") == "tracepoint|a|");
  CHECK(parts("uprobe:/bin/bash:readline+4") == "uprobe|/bin/bash|readline+4");
  CHECK(parts("usdt:./a:b@2") == "usdt|./a|b|@|2");
  CHECK(parts("iter:task") == "iter|task");
  CHECK(parts("kprobe:$1") == "kprobe|$1");
  CHECK(parts("*:*") == "*|*");
}

TEST_CASE("quotes keep everything together", "[parser]") {
  CHECK(parts("uprobe:\"/opt/a b,{:@=\":f") == "uprobe|\"/opt/a b,{:@=\"|f");
  CHECK(parts("uprobe:\"a\\\"b\\\\\":f") == "uprobe|\"a\"b\\\"|f");
  CHECK(parts("uprobe:lib\"c:so\"x:\"f*\"") == "uprobe|\"libc:sox\"|\"f*\"");
  CHECK(parts("u:\"\":f") == "u|\"\"|f");
}

TEST_CASE("a name before the provider is ignored", "[parser]") {
  CHECK(parts("mine=kprobe:f") == "kprobe|f");
  CHECK(parts("kprobe:a=b") == "kprobe|a=b");
}

TEST_CASE("ranges of parts", "[parser]") {
  Parsed parsed = parse_text("n=u:\"/a b\":f@2 { }");
  const auto& list = parsed.program.probes.at(0).attach_points.at(0).parts;
  REQUIRE(list.size() == 5);
  CHECK(parsed.text(list[0].range) == "u");
  CHECK(parsed.text(list[1].range) == "\"/a b\"");
  CHECK(parsed.text(list[2].range) == "f");
  CHECK(parsed.text(list[3].range) == "@");
  CHECK(parsed.text(list[4].range) == "2");
}

TEST_CASE("lists may end in a comma", "[parser]") {
  Parsed parsed = parse_text("a:b,c:d , e:f, { }");
  REQUIRE(parsed.program.probes.size() == 1);
  REQUIRE(parsed.program.probes[0].attach_points.size() == 3);
  CHECK(parts(parsed.program.probes[0].attach_points[1]) == "c|d");
  CHECK(parse_text("a:b,c:d,/1/{}").program.probes.at(0).predicate != nullptr);
}

TEST_CASE("a slash begins the predicate unless a colon came before", "[parser]") {
  Parsed parsed = parse_text("begin/$1/{} u:/bin/x:f /1 / 2/ { }");
  REQUIRE(parsed.program.probes.size() == 2);
  CHECK(parsed.program.probes[0].attach_points[0].text == "begin");
  CHECK(parsed.text(parsed.program.probes[0].predicate->range) == "$1");
  CHECK(parsed.program.probes[1].attach_points[0].text == "u:/bin/x:f");
  CHECK(parsed.text(parsed.program.probes[1].predicate->range) == "1 / 2");
  CHECK(parse_text("a:b /1/ // why\n /* not */ { }").program.probes.size() == 1);
}

TEST_CASE("comments, the shebang line and empty programs", "[parser]") {
  CHECK(parse_text("").program.probes.empty());
  CHECK(parse_text(" \n// nothing\n/* at all").program.probes.empty());
  CHECK(mistakes("/* open") == Lines{});
  Parsed parsed = parse_text("\n #!/usr/bin/gimlet {\n/* a **/ begin // b\n{ /* } */ f() /***/ }");
  CHECK_FALSE(parsed.diagnostics.has_errors());
  CHECK(parsed.program.probes.size() == 1);
  CHECK(mistakes("begin { }\n#!x") ==
        Lines{"2:1-4: C definitions must appear before probes and functions"});
}

}  // namespace
