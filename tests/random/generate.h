// Makes random programs that are well-typed by construction, up to rare corners that `infer`
// refuses.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "program.h"

namespace gimlet::random_tests {

struct Options {
  int level = 2;                  // 1: the first subset of the language, 2: all of it
  int results = 0;                // result lines of a program, about
  std::set<std::string> without;  // features left out, by name (see --help)

  bool has(const std::string& feature) const { return !without.contains(feature); }
};

Program generate(std::uint64_t seed, const Options& options);

}  // namespace gimlet::random_tests
