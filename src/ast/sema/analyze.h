// Semantic analysis: ast::Program -> ast::TypedProgram.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/arch.h"
#include "ast/typed_program.h"
#include "base/diagnostics.h"
#include "kernel/kernel.h"

namespace gimlet::ast::sema {

class TypeScope;

// A map that an earlier program of the session made.
struct KnownMap {
  MapPlan plan;
  std::optional<SourceRange> origin{};  // where that program uses it first
};

// What exists besides this program.
struct Environment {
  std::map<std::string, KnownMap> maps{};  // by "@name"
  bool shared = false;  // other programs of the session may update the program's maps
};

struct Options {
  Config config;
  std::vector<std::string> positional;  // $1.. of the command line
  std::vector<std::string> named;       // its words `--name` and `--name=value`
  uint64_t target_pid = 0;              // -p, 0 = none
  bool has_unwind_target = false;       // -p, -c or --dwarf-pid: a process for dw_ustack
  uint64_t child_pid = 0;               // -c, 0 = none
  bool unsafe = false;
  std::string_view architecture = kArchitecture;  // what is there only on some is refused elsewhere
  bool only_probes = false;  // for listings: stop when the probes are expanded
  ExternalCode external;     // what the program's imports offer
  std::string clock_map;     // "@map" that is read instead of the clock, empty = none
  // gimlet's own PID namespace; both 0: the initial one.
  uint64_t pid_namespace_device = 0;
  uint64_t pid_namespace_inode = 0;
};

// Nothing if there are errors. The result refers to `program`, which must outlive it. `types` knows
// the program's C definitions.
std::optional<TypedProgram> analyze(const Program& program, kernel::Kernel& kernel,
                                    TypeScope& types, const Environment& environment,
                                    const Options& options, base::Diagnostics& diagnostics);

}  // namespace gimlet::ast::sema
