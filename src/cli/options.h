// The command line (spec C1): one table of options, from which getopt_long's tables and the help
// text are made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/features.h"

namespace gimlet::cli {

enum class Format { Text, Json };
enum class Mode { Run, Codegen, Format, Test, Bench };

// Stages that -d prints.
struct DebugStages {
  bool ast = false;
  bool types = false;
  bool codegen = false;
  bool codegen_opt = false;
  bool dis = false;
  bool libbpf = false;
  bool verifier = false;
};

struct CommandLine {
  std::string program_name;                 // last path component of argv[0]
  std::optional<std::string> program_text;  // -e
  std::vector<std::string> operands;        // what is left after the options
  bool info = false;                        // --info: nothing after it was read
  bool list = false;
  bool verbose = false;
  bool quiet = false;
  bool dry_run = false;
  bool unsafe = false;
  bool warnings = true;
  bool report_failed_reads = false;  // -k
  bool verify_ir = false;
  Mode mode = Mode::Run;
  std::string format = "text";     // checked only after compilation, as the specification says
  std::string buffering = "line";  // line, full, none
  std::string output_file;
  std::string command;                       // -c
  std::string pid;                           // -p, not yet parsed
  std::vector<std::string> debug_folders;    // --debuginfo
  std::vector<std::string> include_folders;  // -I
  std::vector<std::string> includes;         // --include
  std::string traceable_functions;           // --traceable-functions
  std::vector<kernel::Feature> withheld;     // --no-feature
  std::string emit_llvm;
  std::string emit_elf;
  DebugStages debug;
};

// What main() does after parsing: go on with the command line, or exit with this status (help,
// version and usage errors have been printed).
struct Parsed {
  std::optional<CommandLine> command_line;
  int exit_status = 0;
};

Parsed parse_command_line(int argc, char** argv);

std::string help_text(const std::string& program_name);
std::string version_text(const std::string& program_name);

}  // namespace gimlet::cli
