// A libFuzzer target for C text: parsing, and the layouts of what was parsed. Not part of the
// default build:
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Isrc -Itests
//     tests/fuzz/c_text_fuzz.cpp src/parser/c_*.cpp src/base/*.cpp src/ast/{c_constant,type}.cpp
//     src/ast/sema/{c_layout,outside_types,script_*,type_scope}.cpp src/kernel/*.cpp
//     -lfmt -lbpf -lelf -lz -o c_text_fuzz && ./c_text_fuzz
#include <cstdint>
#include <cstdlib>
#include <string>

#include "ast/sema/type_scope.h"
#include "kernel/frozen_kernel.h"
#include "kernel/header_text.h"
#include "unit/parser/c_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const auto kernel = gimlet::kernel::frozen_kernel("tests/data/frozen");
  const std::string source(reinterpret_cast<const char*>(bytes), size);
  CText text(source);
  gimlet::ast::sema::TypeScope scope(text.definitions, *kernel, text.diagnostics);
  scope.check();
  // Without a mistake every structure has a layout.
  for (const std::string& name : scope.struct_names()) {
    if (!text.diagnostics.has_errors() && !scope.find_struct(name)) std::abort();
    if (name == "struct task_struct") break;
  }
  gimlet::base::show(text.sources, text.diagnostics);
  gimlet::kernel::read_preprocessed(source);
  return 0;
}
