// Unit tests of programs in a session: maps of earlier programs, and what leaves room for later
// ones.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "ast/sema/analyze.h"
#include "ast/sema/type_scope.h"
#include "kernel/frozen_kernel.h"
#include "parser/parse.h"

using namespace gimlet;
using namespace gimlet::ast;

namespace {

struct Analyzed {
  std::vector<MapPlan> maps;
  std::string said;  // each diagnostic as "PLACE: message" and " | NOTE PLACE: message"

  const MapPlan& map(const std::string& name) const {
    for (const MapPlan& plan : maps) {
      if (plan.name == name) return plan;
    }
    FAIL(name + " is not planned");
    return maps.front();
  }
};

Analyzed analyzed(const std::string& text, const sema::Environment& environment,
                  const std::string& earlier = {}) {
  auto kernel = kernel::frozen_kernel(std::string(GIMLET_TEST_DIR) + "/data/frozen");
  REQUIRE(kernel);
  base::SourceSet sources;
  if (!earlier.empty()) sources.add("cell 1", earlier);
  base::FileId file = sources.add("cell 2", text);
  base::Diagnostics diagnostics;
  Program program = parser::parse(sources, file, diagnostics);
  CDefinitions none;
  sema::TypeScope types(none, *kernel, diagnostics);
  auto typed = sema::analyze(program, *kernel, types, environment, {}, diagnostics);
  Analyzed result;
  if (typed) result.maps = typed->maps;
  for (const base::Diagnostic& d : diagnostics.all()) {
    result.said += base::show_place(sources, d.range.value()) + ": " + d.message;
    for (const base::Context& note : d.context) {
      result.said += " | " + base::show_place(sources, note.range.value()) + ": " + note.message;
    }
    result.said += "\n";
  }
  return result;
}

sema::Environment shared() {
  sema::Environment environment;
  environment.shared = true;
  return environment;
}

// A session with what `text` made.
sema::Environment after(const std::string& text) {
  Analyzed first = analyzed(text, shared());
  REQUIRE(first.said.empty());
  sema::Environment environment = shared();
  for (const MapPlan& plan : first.maps) {
    auto at = static_cast<uint32_t>(text.find(plan.name));
    environment.maps.emplace(
        plan.name,
        sema::KnownMap{plan, SourceRange{0, at, at + static_cast<uint32_t>(plan.name.size())}});
  }
  return environment;
}

}  // namespace

TEST_CASE("maps of a session leave room for larger numbers, and are updated atomically") {
  Analyzed a = analyzed("begin { @x = 1; @n[1] = 2; @c = count(); }", shared());
  CHECK(a.map("@x").value.size == 8);
  CHECK(a.map("@n").key.size == 8);
  CHECK(a.map("@c").atomic);
  Analyzed alone = analyzed("begin { @x = 1; @c = count(); }", {});
  CHECK(alone.map("@x").value.size == 1);
  CHECK_FALSE(alone.map("@c").atomic);
}

TEST_CASE("a program knows the types of earlier maps") {
  sema::Environment session = after("begin { @n[comm] = count(); @s = \"some text\"; }");
  Analyzed a = analyzed("begin { print(@n); print(@s); }", session);
  CHECK(a.said.empty());
  CHECK(type_name(a.map("@n").key) == "string[16]");
  CHECK(a.map("@n").value.is(TypeKind::Count));
  CHECK(analyzed("begin { @s = \"short\"; }", session).said.empty());
}

TEST_CASE("an earlier map keeps its size") {
  sema::Environment session = after("let @n = lruhash(5); begin { @n[1] = 1; }");
  Analyzed a = analyzed("begin { @n[2] = 2; }", session);
  CHECK(a.map("@n").max_entries == 5);
  CHECK(a.map("@n").lru);
}

TEST_CASE("a conflict with an earlier map points at where it has its type from") {
  const std::string earlier = "begin { @n[\"a\"] = count(); @s = \"a\"; }";
  sema::Environment session = after(earlier);
  CHECK(
      analyzed("begin { @s = \"longer\"; }", session, earlier).said ==
      "cell 2:1:9-11: Type mismatch for @s: it holds values of type 'string[2]' already and would "
      "need 'string[7]' | cell 1:1:28-30: @s has its type from here\n");
  CHECK(
      analyzed("begin { @n[\"longer\"] = count(); }", session, earlier).said ==
      "cell 2:1:9-11: Type mismatch for @n: it has keys of type 'string[2]' already and would need "
      "'string[7]' | cell 1:1:9-11: @n has its type from here\n");
  for (const char* text : {"begin { @n = count(); }", "begin { @n[1] = count(); }",
                           "begin { @n[\"a\"] = 1; }", "begin { @n[1, 2] = count(); }"}) {
    INFO(text);
    CHECK(analyzed(text, session, earlier).said.find("@n has its type from here") !=
          std::string::npos);
  }
}

TEST_CASE("a declared map need not be used yet") {
  CHECK(analyzed("let @m = hash(3); begin { }", shared()).said.empty());
  CHECK(analyzed("let @m = hash(3); begin { }", {}).said.find("Unused map: @m") !=
        std::string::npos);
}
