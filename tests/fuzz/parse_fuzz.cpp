// A libFuzzer target for the parser. Not part of the default build:
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Isrc -I BUILD/grammar
//     tests/fuzz/parse_fuzz.cpp src/parser/*.cpp src/base/*.cpp src/ast/{node,print}.cpp
//     BUILD/grammar/{parser,lexer}.cpp -lfmt -o parse_fuzz && ./parse_fuzz
// Besides not crashing, what was parsed without a mistake must print to a text that parses to the
// same tree.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "ast/print.h"
#include "parser/parse.h"

namespace {

struct Outcome {
  bool correct;
  std::string printed;
};

Outcome parse_and_print(std::string text) {
  gimlet::base::SourceSet sources;
  gimlet::base::Diagnostics diagnostics;
  auto file = sources.add("fuzz", std::move(text));
  auto program = gimlet::parser::parse(sources, file, diagnostics);
  gimlet::base::show(sources, diagnostics);
  return {!diagnostics.has_errors(), gimlet::ast::print(program)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  Outcome first = parse_and_print(std::string(reinterpret_cast<const char*>(bytes), size));
  if (!first.correct) return 0;
  Outcome second = parse_and_print(first.printed);
  if (!second.correct || second.printed != first.printed) std::abort();
  return 0;
}
