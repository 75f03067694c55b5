// Runs a program in C++ and says what it must print.
#pragma once

#include <string>
#include <vector>

#include "infer.h"

namespace gimlet::random_tests {

struct Outcome {
  std::vector<std::string> lines;  // each "#N TEXT"
  bool divided_by_zero = false;    // a run-time warning is due
  bool too_long = false;           // given up: loops that are not worth running
};

Outcome evaluate(const Program& program, const Typing& typing);

}  // namespace gimlet::random_tests
