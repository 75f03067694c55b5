// The command line (spec C1), taken apart by getopt_long with the tables that option_table.h gives.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/features.h"

namespace gimlet::cli {

enum class Format { Text, Json };
enum class Mode { Run, Codegen, CompilerBench, Format, Test, Bench };

// Stages that -d prints.
struct DebugStages {
  bool parse = false;
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
  bool interactive = false;                 // -i, or a terminal and no argument
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
  std::optional<std::string> pid;            // -p, not yet parsed
  std::vector<std::string> debug_folders;    // --debuginfo
  std::vector<std::string> include_folders;  // -I
  std::vector<std::string> includes;         // --include
  std::string traceable_functions;           // --traceable-functions
  std::vector<kernel::Feature> withheld;     // --no-feature
  std::optional<std::string> probe_filter;   // a regular expression
  std::vector<std::string> unwound_pids;     // --dwarf-pid, not yet parsed
  bool aot = false;
  std::string emit_llvm;
  std::string emit_elf;
  DebugStages debug;
};

// What main() does after parsing: go on with the command line; or show what is wrong, and the help
// if that helps, and exit. What was asked for by -h and the like has been printed.
struct Parsed {
  std::optional<CommandLine> command_line;
  int exit_status = 0;
  std::string mistake{};
  bool show_help = false;
};

Parsed parse_command_line(int argc, char** argv);

// "gimlet" of "/usr/bin/gimlet".
std::string name_of_program(const char* first_word);

}  // namespace gimlet::cli
