// What the reference says of the macros of the standard library (src/stdlib/*.bt): one row each.
// How they expand is told by their text.
#pragma once

#include <span>

namespace gimlet::ast {

struct LibraryMacro {
  const char* name;
  const char* signature;
  const char* result;
  const char* summary;
  const char* example;  // a complete program that ends by itself
};

std::span<const LibraryMacro> library_macros();

}  // namespace gimlet::ast
