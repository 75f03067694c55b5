// Calls of imported functions: what is checked, and what a call becomes.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "ast/sema/type_scope.h"
#include "kernel/frozen_kernel.h"
#include "parser/parse.h"
#include "unit/codegen/compiled.h"

using namespace gimlet;
using codegen_tests::compile;

namespace {

ast::ExternalCode functions() {
  const ast::Type u64 = ast::integer_type(8, false);
  const ast::Type s16 = ast::integer_type(2, true);
  const ast::Type task = ast::pointer_to(ast::struct_type("struct task_struct", 0));
  const ast::Type unknown = ast::pointer_to(ast::struct_type("struct only_theirs", 0));
  ast::ExternalCode code;
  code.objects.push_back({"native.bpf.o", {1, 2, 3}});
  code.functions = {
      {"add", {{"first", u64}, {"second", u64}}, u64, 0},
      {"narrow", {{"value", s16}}, s16, 0},
      {"touch", {{"where", ast::pointer_to(u64)}}, ast::void_type(), 0},
      {"of_task", {{"task", task}}, ast::bool_type(), 0},
      {"of_theirs", {{"thing", unknown}}, unknown, 0},
      {"anything", {{"", ast::pointer_to(ast::void_type())}}, ast::void_type(), 0},
      {"by_value", {{"whole", ast::struct_type("struct only_theirs", 16)}}, u64, 0},
      {"gives_none", {}, ast::none_type(), 0},
  };
  return code;
}

ast::sema::Options with_functions() {
  ast::sema::Options options;
  options.external = functions();
  return options;
}

// Everything that is said about the program, one message a line.
std::string complaints(const std::string& text) {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  base::FileId file = sources.add("stdin", text);
  ast::Program tree = parser::parse(sources, file, diagnostics);
  auto kernel = kernel::frozen_kernel(GIMLET_TEST_DIR "/data/frozen");
  ast::CDefinitions none;
  ast::sema::TypeScope types(none, *kernel, diagnostics);
  auto typed = ast::sema::analyze(tree, *kernel, types, {}, with_functions(), diagnostics);
  REQUIRE(typed.has_value() != diagnostics.has_errors());
  std::string said;
  for (const base::Diagnostic& diagnostic : diagnostics.all()) said += diagnostic.message + "\n";
  return said;
}

bool contains(const std::vector<std::string>& lines, const std::string& text) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(text) != line.npos; });
}

}  // namespace

TEST_CASE("arguments of imported functions are counted") {
  REQUIRE(complaints("begin { print(add(1)); }") ==
          "Function `add` requires 2 arguments, got only 1\n");
  REQUIRE(complaints("begin { print(add(1, 2, 3)); }") ==
          "Function `add` requires 2 arguments, got only 3\n");
  REQUIRE(complaints("begin { print(add(1, 2)); }").empty());
}

TEST_CASE("integers are cast, with a warning where they may change") {
  REQUIRE(complaints("begin { $a = (uint8)1; print(add($a, true)); }").empty());
  REQUIRE(complaints("begin { $a = (int32)1; print(narrow($a)); }") ==
          "Expression of type: int32 being cast to type: int16. This may cause unexpected results. "
          "Use an explicit cast to suppress this warning.\n");
  REQUIRE(complaints("begin { print(narrow(-32768)); }").empty());
  REQUIRE(complaints("begin { print(narrow(100000)); }").find("being cast to type: int16") !=
          std::string::npos);
  REQUIRE(complaints("begin { print(add(1, \"text\")); }") ==
          "Expected uint64 for argument `second` got string[5]\n");
  REQUIRE(complaints("begin { print(add(curtask, 1)); }").find("for argument `first` got") !=
          std::string::npos);
}

TEST_CASE("pointers of known types must agree") {
  REQUIRE(complaints("begin { $v = (uint64)1; touch(&$v); }").empty());
  REQUIRE(complaints("begin { $v = (uint32)1; touch(&$v); }") ==
          "Expected uint64 * for argument `where` got uint32 *\n");
  REQUIRE(complaints("begin { touch(1); }").find("Expected uint64 * for argument `where` got") !=
          std::string::npos);
  REQUIRE(complaints("begin { print(of_task((struct task_struct *)1)); }").empty());
  REQUIRE(complaints("begin { $v = (uint32)1; print(of_task(&$v)); }") ==
          "Expected struct task_struct * for argument `task` got uint32 *\n");
}

TEST_CASE("pointers to types that only the imported code knows") {
  REQUIRE(complaints("begin { $v = (uint32)1; $r = of_theirs(&$v); print($r); }").empty());
  REQUIRE(complaints("begin { $v = (uint32)1; anything(&$v); anything(&@m); @m = 1; }").empty());
  REQUIRE(complaints("begin { anything(1); }").find("Expected void * for argument `1` got") !=
          std::string::npos);
}

TEST_CASE("functions that cannot be called") {
  REQUIRE(complaints("begin { print(by_value(1)); }") ==
          "Function `by_value` cannot be called: the type of argument `whole` is not supported\n");
  REQUIRE(complaints("begin { print(gives_none()); }") ==
          "Function `gives_none` cannot be called: the type of its result is not supported\n");
  REQUIRE(complaints("begin { @x = touch((uint64 *)0); }") ==
          "Value 'void' cannot be assigned to a map.\n");
}

TEST_CASE("a builtin goes before an imported function") {
  ast::sema::Options options;
  options.external.functions = {{"nsecs", {}, ast::integer_type(8, false), 0}};
  const auto compiled = compile("begin { @ = nsecs(); }", nullptr, options);
  REQUIRE(compiled.image.ok());
  REQUIRE_FALSE(contains(compiled.instructions(), "call nsecs"));
}

TEST_CASE("a call passes extended arguments and extends the result") {
  const auto compiled =
      compile("begin { $a = (int64)nsecs; @ = narrow((int16)$a); }", nullptr, with_functions());
  REQUIRE(compiled.image.ok());
  REQUIRE(compiled.image->external_objects.size() == 1);
  const auto code = compiled.instructions();
  REQUIRE(contains(code, "call narrow"));
  REQUIRE(compiled.ir.find("hidden i64 @narrow(i64)") != std::string::npos);
  // Two sign extensions by shifting left and, arithmetically, right.
  REQUIRE(std::count_if(code.begin(), code.end(), [](const std::string& line) {
            return line.find("s>>= 48") != line.npos;
          }) == 2);
}

TEST_CASE("imported code with a license of its own") {
  auto options = with_functions();
  REQUIRE(compile("begin { print(add(1, 2)); }", nullptr, options).occurrences("license") > 0);
  options.external.has_license = true;
  REQUIRE(compile("begin { print(add(1, 2)); }", nullptr, options).occurrences("license") == 0);
}
