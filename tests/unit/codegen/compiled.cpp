#include "unit/codegen/compiled.h"

#include <catch2/catch_test_macros.hpp>
#include <sstream>

#include "ast/sema/type_scope.h"
#include "kernel/frozen_kernel.h"
#include "parser/parse.h"

namespace gimlet::codegen_tests {

std::vector<std::string> Compiled::instructions(size_t program) const {
  std::vector<std::string> result;
  if (!image) return result;
  std::istringstream lines(assembly);
  std::string line;
  bool inside = false;
  const std::string label = image->programs.at(program).name + ":";
  while (std::getline(lines, line)) {
    if (line.starts_with(label)) inside = true;
    if (line.starts_with(".Lfunc_end")) inside = false;
    bool is_instruction = line.starts_with("\t") && !line.starts_with("\t.") && line[1] != '#';
    if (inside && is_instruction) result.push_back(line.substr(1));
  }
  return result;
}

std::vector<int> Compiled::helpers(size_t program) const {
  std::vector<int> result;
  for (const std::string& instruction : instructions(program)) {
    if (instruction.starts_with("call ")) result.push_back(std::stoi(instruction.substr(5)));
  }
  return result;
}

size_t Compiled::occurrences(const std::string& text) const {
  size_t count = 0;
  for (size_t at = assembly.find(text); at != std::string::npos; at = assembly.find(text, at + 1)) {
    count++;
  }
  return count;
}

Compiled compile(const std::string& text, void (*adjust)(ast::TypedProgram&),
                 const ast::sema::Options& checking) {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  base::FileId file = sources.add("stdin", text);
  ast::Program tree = parser::parse(sources, file, diagnostics);
  INFO(base::show(sources, diagnostics));
  REQUIRE_FALSE(diagnostics.has_errors());
  auto kernel = kernel::frozen_kernel(GIMLET_TEST_DIR "/data/frozen");
  ast::CDefinitions none;
  ast::sema::TypeScope types(none, *kernel, diagnostics);
  auto typed = ast::sema::analyze(tree, *kernel, types, {}, checking, diagnostics);
  INFO(base::show(sources, diagnostics));
  REQUIRE(typed);
  if (adjust) adjust(*typed);
  Compiled result;
  codegen::Options options;
  options.verify_ir = true;
  options.disassembly = &result.assembly;
  options.ir = &result.ir;
  result.image = codegen::generate(*typed, sources, options);
  return result;
}

}  // namespace gimlet::codegen_tests
