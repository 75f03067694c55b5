// Listing: what there is on this system, and what a program would trace (cli-and-output C2).
//
// A pattern goes to the lister of its provider (lister.h), or to those of all providers that it
// matches. Listers give lines; with -v each line comes with the arguments of its probe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ast/typed_program.h"
#include "base/result.h"
#include "kernel/kernel.h"

namespace gimlet::list {

struct Listing {
  std::vector<std::string> lines;
  std::vector<std::string> warnings;
  // Of a program with -v: how each probe would come into the kernel. Not among the lines, which
  // other programs read.
  std::vector<std::string> notes;
};

struct System {
  kernel::Kernel& kernel;
  uint64_t pid = 0;      // of -p; 0 = none
  bool verbose = false;  // arguments and definitions as well
};

// For a comma-separated list of patterns. Patterns without a match give nothing.
base::Result<Listing> list_patterns(std::string_view patterns, const System& system);

// The probes of a program in order, without those that gimlet itself runs.
Listing list_program(const ast::TypedProgram& program, const System& system);

}  // namespace gimlet::list
