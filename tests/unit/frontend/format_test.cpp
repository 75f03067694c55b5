#include "frontend/format.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "ast/print.h"
#include "parser/parse.h"

using namespace gimlet;

namespace {

std::string formatted(const std::string& text) {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  std::string result = frontend::format(sources, sources.add("in", text), diagnostics);
  INFO(base::show(sources, diagnostics));
  REQUIRE_FALSE(diagnostics.has_errors());
  return result;
}

// The program as a tree; nothing if it has syntax errors.
std::string tree(const std::string& text) {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  ast::Program program = parser::parse(sources, sources.add("in", text), diagnostics);
  return diagnostics.has_errors() ? "" : ast::print(program);
}

TEST_CASE("a script in one line gets its lines", "[format]") {
  CHECK(formatted("i:s:1,t:sched:sched_switch /pid>5/{@n[comm,pid]++;if(@n[comm,pid]>9){"
                  "print((1,\"x\"));}else{exit()}} // done") ==
        "i:s:1,\n"
        "t:sched:sched_switch\n"
        "/pid > 5/\n"
        "{\n"
        "  @n[comm, pid]++;\n"
        "  if (@n[comm, pid] > 9) {\n"
        "    print((1, \"x\"));\n"
        "  } else {\n"
        "    exit();\n"
        "  }\n"
        "}\n"
        "// done\n");
}

TEST_CASE("blank lines and comments stay where they are", "[format]") {
  CHECK(formatted("#!/usr/bin/env gimlet\n// top\n\nbegin { // first\n$a = 1; // one\n\n\n"
                  "/* two\n lines */\n$b = /* inside */ 2;\n// last\n}\n") ==
        "#!/usr/bin/env gimlet\n"
        "// top\n"
        "\n"
        "begin\n"
        "{\n"
        "  // first\n"
        "  $a = 1; // one\n"
        "\n"
        "\n"
        "  // two\n"
        "  // lines\n"
        "  $b = /* inside */ 2;\n"
        "  // last\n"
        "}\n");
  CHECK(formatted("begin { }") == "begin\n{}\n");
  CHECK(formatted("begin { /* why */ }") == "begin\n{\n  // why\n}\n");
}

TEST_CASE("comments inside of statements stay between the same tokens", "[format]") {
  CHECK(formatted("begin, // one\n end /* two */\n/pid /* p */ > 5/ // why\n{\n"
                  "if (/* c */ $a > 1 /* d */) { } /* e */ else /* f */ { print(1) }\n"
                  "printf(\"// text\", /* a, b */ $a, // last\n $b /* z */); // end\n"
                  "@x[1, 2 /* k */] = (/* t */ int8) $a; $p /* q */ -> /* r */ f }") ==
        "begin, // one\n"
        "end // two\n"
        "/pid /* p */ > 5/ /* why */\n"
        "{\n"
        "  if (/* c */ $a > 1 /* d */) {} else {\n"
        "    // e\n"
        "    // f\n"
        "    print(1);\n"
        "  }\n"
        "  printf(\"// text\", /* a, b */ $a, /* last */ $b /* z */); // end\n"
        "  @x[1, 2 /* k */] = (/* t */ int8)$a;\n"
        "  $p /* q */ . /* r */ f;\n"
        "}\n");
  CHECK(formatted("config = { /* a */ max_map_keys /* b */ = 5; // c\n}\n"
                  "import /* d */ \"stdlib\"; let /* e */ @m = hash(/* f */ 5);\n"
                  "macro m(/* g */ x) /* h */ { x /* i */ }") ==
        "config = {\n"
        "  // a\n"
        "  max_map_keys /* b */ = 5; // c\n"
        "}\n"
        "import /* d */ \"stdlib\";\n"
        "let /* e */ @m = hash(/* f */ 5);\n"
        "macro m(/* g */ x) /* h */\n"
        "{\n"
        "  x // i\n"
        "}\n");
}

TEST_CASE("a block keeps the semicolon that ends it", "[format]") {
  const std::string text =
      "begin\n"
      "{\n"
      "  if ($a) {\n"
      "    $a = 1;\n"
      "  }; // why\n"
      "  -1;\n"
      "  {\n"
      "    $a = 2;\n"
      "  };\n"
      "  *$p;\n"
      "}\n";
  CHECK(formatted(text) == text);
}

TEST_CASE("long conditions are broken at their operators", "[format]") {
  const std::string name(25, 'x');
  CHECK(formatted("begin { if ($" + name + " && $" + name + " && $" + name + " && $" + name +
                  ") { } }") == "begin\n{\n  if ($" + name + " && $" + name + " &&\n      $" +
                                    name + " && $" + name + ") {}\n}\n");
}

TEST_CASE("loops, chains and items", "[format]") {
  CHECK(formatted("config={max_map_keys=0x10;license=\"GPL v2\"}\nlet @m=hash(5)\n"
                  "macro f(x,$v){x}\nbegin{for($i:0..9){f($i)}while($a){}if $a{1}else if $b{2}"
                  "else{3}$p->q;let $z:uint64=0x10;}") ==
        "config = {\n"
        "  max_map_keys = 0x10;\n"
        "  license = \"GPL v2\";\n"
        "}\n"
        "let @m = hash(5);\n"
        "macro f(x, $v)\n"
        "{\n"
        "  x\n"
        "}\n"
        "begin\n"
        "{\n"
        "  for $i : 0..9 {\n"
        "    f($i);\n"
        "  }\n"
        "  while ($a) {}\n"
        "  if ($a) {\n"
        "    1;\n"
        "  } else if ($b) {\n"
        "    2;\n"
        "  } else {\n"
        "    3;\n"
        "  }\n"
        "  $p.q;\n"
        "  let $z : uint64 = 0x10;\n"
        "}\n");
}

TEST_CASE("long argument lists are broken evenly", "[format]") {
  CHECK(formatted("begin { printf(\"%s %s %s %s %s %s\\n\", first_argument, second_argument, "
                  "third_argument, fourth_argument, fifth_one); }") ==
        "begin\n"
        "{\n"
        "  printf(\"%s %s %s %s %s %s\\n\", first_argument, second_argument,\n"
        "         third_argument, fourth_argument, fifth_one);\n"
        "}\n");
}

TEST_CASE("every golden program keeps its tree, and is formatted once for all", "[format]") {
  namespace fs = std::filesystem;
  int count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(GIMLET_TEST_DIR "/file")) {
    if (entry.path().extension() != ".bt") continue;
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::string before = tree(text);
    if (before.empty()) continue;
    INFO(entry.path().string());
    const std::string once = formatted(text);
    CHECK(tree(once) == before);
    CHECK(formatted(once) == once);
    count++;
  }
  CHECK(count > 300);
}

}  // namespace
