// What preprocessed C says at file scope: macros, and the names of types.
//
//   before                                      after
//   #define N 4                                 (noted as a macro)
//   enum { A = 1 };                             enum gimlet_enum_1 { A = 1 };
//   static inline int f(int x) { asm(...); }    static inline int f(int x) ;
//
// Bodies of functions are cut out: they may hold another machine's assembly, and take time to
// compile. An enum without any name gets one, so that a variable can keep it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ast/c_definitions.h"

namespace gimlet::kernel {

struct HeaderText {
  std::string declarations;         // C, for the compiler
  std::vector<std::string> types;   // "struct x", "enum x", "x_t", each once
  std::vector<ast::CMacro> macros;  // by name; those of the compiler itself left out
};

// The tag of such an enum begins with it.
constexpr std::string_view kMadeUpEnum = "gimlet_enum_";

// `text`: what `clang -E -dD` prints.
HeaderText read_preprocessed(std::string_view text);

}  // namespace gimlet::kernel
