// Compares what the tool prints for a program with what the evaluator says, and makes a failing
// program small.
#pragma once

#include <string>

#include "program.h"

namespace gimlet::random_tests {

struct Tool {
  std::string path;
  std::string folder;
  int worker = 0;
};

struct Failure {
  // "compile", "crash", "hang", "value", "warning", "limit" (beyond the kernel's stack or
  // verifier limits, which no compiler can promise to avoid), or "" if all is well.
  std::string kind;
  std::string detail;
  // Failures with the same signature are taken for the same fault while shrinking.
  std::string signature;

  explicit operator bool() const { return !kind.empty(); }
};

Failure check(const Program& program, const Tool& tool);

// Removes statements and simplifies expressions while the failure stays the same.
Program shrink(Program program, const Failure& failure, const Tool& tool);

}  // namespace gimlet::random_tests
