#include "cli/options.h"

#include <fmt/format.h>
#include <getopt.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <span>

#include "ast/config.h"
#include "cli/explain.h"

namespace gimlet::cli {
namespace {

enum Group { kOptions, kDeveloper, kTrouble, kGroups };
constexpr const char* kGroupTitles[kGroups] = {"OPTIONS", "DEVELOPER OPTIONS",
                                               "TROUBLESHOOTING OPTIONS"};

// Codes of options that have no short form.
enum Code : int {
  kDryRun = 256,
  kUnsafe,
  kNoWarnings,
  kVerifyIr,
  kEmitLlvm,
  kEmitElf,
  kMode,
  kTest,
  kBench,
  kFmt,
  kInfo,
  kAot,
  kInclude,
  kDebugInfo,
  kTraceable,
  kNoFeature,
  kProbeFilter,
  kDwarfPid,
  kUsdtActivation,
  kExplain,
};

struct Option {
  int code;              // the short letter, or a Code
  const char* name;      // long name; null if there is none
  const char* argument;  // null: takes none
  Group group;
  const char* help;
  bool supported = true;
};

constexpr Option kTable[] = {
    {'e', nullptr, "PROGRAM", kOptions, "run this program"},
    {'l', "list", nullptr, kOptions, "list probes that match a pattern, or a program's probes"},
    {'p', "pid", "PID", kOptions, "trace this process only"},
    {'c', "cmd", "COMMAND", kOptions, "run COMMAND and trace until it ends"},
    {'o', "output", "FILE", kOptions, "write results to FILE"},
    {'f', nullptr, "FORMAT", kOptions, "format of results: text or json"},
    {'B', nullptr, "MODE", kOptions, "buffering of results: line, full or none"},
    {'q', "quiet", nullptr, kOptions, "do not say how many probes were attached"},
    {'v', "verbose", nullptr, kOptions, "say more; with -l show arguments and definitions"},
    {kExplain, "explain", "CODE", kOptions,
     "explain a diagnostic by its code or its text; `list` shows all"},
    {'h', "help", nullptr, kOptions, "show this help"},
    {'V', "version", nullptr, kOptions, "show the version"},
    {kUnsafe, "unsafe", nullptr, kOptions, "allow what can change the traced system"},
    {'k', "warnings", nullptr, kOptions, "also report failed memory reads and map look-ups"},
    {kNoWarnings, "no-warnings", nullptr, kOptions, "show no warnings"},
    {'I', nullptr, "DIR", kOptions, "add a folder to the header search"},
    {kInclude, "include", "FILE", kOptions, "include a header before the program"},
    {kDebugInfo, "debuginfo", "DIRS", kOptions,
     "folders with debug information of programs, separated by colons"},
    {kTraceable, "traceable-functions", "FILE", kOptions,
     "read the functions that can be traced from FILE"},
    {kDwarfPid, "dwarf-pid", "PID", kOptions, "also unwind this process by DWARF", false},
    {kUsdtActivation, "usdt-file-activation", nullptr, kOptions,
     "accepted; semaphores are always raised for every process"},
    {kProbeFilter, "probe-filter", "REGEX", kOptions, "attach matching probes only", false},
    {kNoFeature, "no-feature", "LIST", kOptions,
     "do without these: kprobe_multi, kprobe_session, uprobe_multi"},
    {kInfo, "info", nullptr, kOptions, "show what this kernel and build can do"},
    {kTest, "test", nullptr, kDeveloper, "run test probes"},
    {kBench, "bench", nullptr, kDeveloper, "run benchmark probes"},
    {kFmt, "fmt", nullptr, kDeveloper, "format a program"},
    {kMode, "mode", "MODE", kDeveloper, "codegen: compile and stop; or format, test, bench"},
    {kDryRun, "dry-run", nullptr, kDeveloper, "stop after attaching"},
    {kEmitElf, "emit-elf", "FILE", kDeveloper, "write the BPF object to FILE"},
    {kEmitLlvm, "emit-llvm", "FILE", kDeveloper,
     "write LLVM IR to FILE.original.ll and "
     "FILE.optimized.ll"},
    {kVerifyIr, "verify-llvm-ir", nullptr, kDeveloper, "check the LLVM IR before optimising"},
    {kAot, "aot", "FILE", kDeveloper, "write a standalone executable", false},
    {'d', "debug", "STAGES", kTrouble,
     "print stages: ast, types, codegen, codegen-opt, dis, libbpf, verifier, all"},
    {'b', "btf", nullptr, kTrouble, "accepted and ignored"},
};

const Option* find_option(int code) {
  for (const Option& option : kTable) {
    if (option.code == code) return &option;
  }
  return nullptr;
}

std::string shown_name(const Option& option) {
  std::string name;
  if (option.code < 256) name = fmt::format("-{}", static_cast<char>(option.code));
  if (option.name) name += fmt::format("{}--{}", name.empty() ? "" : ", ", option.name);
  if (option.argument) name += fmt::format(" {}", option.argument);
  return name;
}

// Prints and ends the parsing with status 1.
Parsed usage_error(const std::string& message) {
  fmt::print(stderr, "ERROR: {}\n", message);
  return {std::nullopt, 1};
}

bool set_debug_stage(DebugStages& stages, const std::string& name) {
  bool all = name == "all";
  struct {
    const char* name;
    bool* flag;
  } table[] = {{"ast", &stages.ast},          {"types", &stages.types},
               {"codegen", &stages.codegen},  {"codegen-opt", &stages.codegen_opt},
               {"dis", &stages.dis},          {"libbpf", &stages.libbpf},
               {"verifier", &stages.verifier}};
  bool found = all;
  for (auto& row : table) {
    if (!all && name != row.name) continue;
    *row.flag = true;
    found = true;
  }
  return found;
}

// The tables getopt_long wants.
struct GetoptTables {
  std::string letters;
  std::vector<option> longs;

  GetoptTables() {
    for (const Option& row : kTable) {
      int takes = row.argument ? required_argument : no_argument;
      if (row.code < 256) {
        letters += static_cast<char>(row.code);
        if (row.argument) letters += ':';
      }
      if (row.name) longs.push_back({row.name, takes, nullptr, row.code});
    }
    longs.push_back({nullptr, 0, nullptr, 0});
  }
};

std::optional<Mode> mode_named(std::string_view name) {
  if (name == "codegen") return Mode::Codegen;
  if (name == "format") return Mode::Format;
  if (name == "test") return Mode::Test;
  if (name == "bench") return Mode::Bench;
  return std::nullopt;
}

// Calls take(word) for each word between commas.
void split_at_commas(const std::string& value, const std::function<void(std::string)>& take) {
  size_t begin = 0;
  while (begin <= value.size()) {
    size_t comma = std::min(value.find(',', begin), value.size());
    take(value.substr(begin, comma - begin));
    begin = comma + 1;
  }
}

std::optional<Parsed> withhold_features(CommandLine& line, const std::string& value) {
  bool known = true;
  split_at_commas(value, [&](const std::string& name) {
    auto feature = kernel::find_feature(name);
    known &= feature.has_value();
    if (feature) line.withheld.push_back(*feature);
  });
  if (known) return std::nullopt;
  return usage_error(
      "USAGE: --no-feature can only have values 'kprobe_multi,kprobe_session,uprobe_multi'.");
}

void add_folders(std::vector<std::string>& folders, const std::string& list) {
  for (size_t begin = 0; begin <= list.size();) {
    size_t colon = std::min(list.find(':', begin), list.size());
    if (colon > begin) folders.push_back(list.substr(begin, colon - begin));
    begin = colon + 1;
  }
}

// Applies one option. Something to return ends the parsing.
std::optional<Parsed> apply(CommandLine& line, int code, const std::string& value) {
  switch (code) {
    case 'e':
      if (value.empty()) {
        line.program_text.reset();
      } else {
        line.program_text = value;
      }
      break;
    case 'l': line.list = true; break;
    case 'p': line.pid = value; break;
    case 'c': line.command = value; break;
    case 'o': line.output_file = value; break;
    case 'f': line.format = value; break;
    case 'B':
      if (value != "line" && value != "full" && value != "none") {
        return usage_error("USAGE: -B must be either 'line', 'full', or 'none'.");
      }
      line.buffering = value;
      break;
    case 'q': line.quiet = true; break;
    case 'v': line.verbose = true; break;
    case 'h': fmt::print("{}", help_text(line.program_name)); return Parsed{std::nullopt, 0};
    case kExplain: return Parsed{std::nullopt, explain_code(value)};
    case 'V': fmt::print("{}", version_text(line.program_name)); return Parsed{std::nullopt, 0};
    case kInfo: line.info = true; return Parsed{std::move(line), 0};
    case 'k':
      if (line.report_failed_reads) {
        return usage_error(
            "USAGE: -kk has been deprecated. Use a single -k for runtime warnings for "
            "errors in map lookups and probe reads.");
      }
      line.report_failed_reads = true;
      break;
    case 'd': {
      std::string unknown;
      split_at_commas(value, [&](const std::string& stage) {
        if (!set_debug_stage(line.debug, stage)) unknown = stage;
      });
      if (unknown.empty() && !value.empty()) break;
      return usage_error(fmt::format("USAGE: invalid option for -d: {}", unknown));
    }
    case kDebugInfo: add_folders(line.debug_folders, value); break;
    case 'I': line.include_folders.push_back(value); break;
    case kNoFeature: return withhold_features(line, value);
    case kTraceable: line.traceable_functions = value; break;
    case kInclude: line.includes.push_back(value); break;
    case kUnsafe: line.unsafe = true; break;
    case kNoWarnings: line.warnings = false; break;
    case kVerifyIr: line.verify_ir = true; break;
    case kEmitLlvm: line.emit_llvm = value; break;
    case kEmitElf: line.emit_elf = value; break;
    case kDryRun: line.dry_run = true; break;
    case kFmt:
    case kTest:
    case kBench:
      if (line.mode != Mode::Run) {
        return usage_error(
            fmt::format("USAGE: --{} conflicts with existing --mode", find_option(code)->name));
      }
      line.mode = *mode_named(code == kFmt ? "format" : find_option(code)->name);
      break;
    case kMode:
      if (auto mode = mode_named(value)) {
        line.mode = *mode;
        break;
      }
      if (value != "compiler-bench") {
        return usage_error(
            "USAGE: --mode can only be 'codegen', 'compiler-bench', 'bench', 'test' or "
            "'format'.");
      }
      return usage_error(fmt::format("--mode {} is not supported yet", value));
    case 'b':
    case kUsdtActivation: break;
    default: {
      const Option* option = find_option(code);
      return usage_error(fmt::format("{} is not supported yet", shown_name(*option)));
    }
  }
  return std::nullopt;
}

std::string variable_help(const std::string& variable, const std::string& shown_default,
                          const char* summary) {
  return fmt::format("    {:<34} {}\n", fmt::format("{} [{}]", variable, shown_default), summary);
}

std::string configuration_help() {
  std::string out = "\nCONFIGURATION (environment; without BPFTRACE_ also in a script's config):\n";
  for (const ast::ConfigKey& key : ast::config_keys()) {
    if (!key.in_help) continue;
    out += variable_help(ast::environment_name(key), ast::shown_default(key), key.summary);
  }
  return out + variable_help("BPFTRACE_COLOR", "auto", "auto, always or never; in no script");
}

}  // namespace

std::string help_text(const std::string& program_name) {
  std::string out = fmt::format(
      "USAGE:\n"
      "    {0} [options] FILE [ARGS]\n"
      "    {0} [options] -e 'PROGRAM' [ARGS]\n"
      "    {0} [options] -            read the program from standard input\n"
      "    {0} -l[v] [PATTERN]        list probes\n",
      program_name);
  for (int group = 0; group < kGroups; group++) {
    out += fmt::format("\n{}:\n", kGroupTitles[group]);
    for (const Option& row : kTable) {
      if (row.group != group || row.code == 'b') continue;
      out += fmt::format("    {:<32} {}{}\n", shown_name(row), row.help,
                         row.supported ? "" : " (not supported yet)");
    }
  }
  out += configuration_help();
  out += fmt::format(
      "\nEXAMPLES:\n"
      "    {0} -e 'tracepoint:syscalls:sys_enter_openat {{ @[comm] = count(); }}'\n"
      "        count opened files by process\n"
      "    {0} -e 'profile:hz:99 {{ @[ustack] = count(); }}' -p PID\n"
      "        sample the user stacks of a process\n"
      "    {0} -l 'tracepoint:sched:*'\n"
      "        list the scheduler's tracepoints\n",
      program_name);
  return out;
}

std::string version_text(const std::string& program_name) {
  // Tools that look for bpftrace want its level of compatibility first.
  if (program_name == "bpftrace") return "bpftrace v0.26.0-gimlet." GIMLET_VERSION "\n";
  return fmt::format("{} v" GIMLET_VERSION "\n", program_name);
}

Parsed parse_command_line(int argc, char** argv) {
  CommandLine line;
  const char* slash = strrchr(argv[0], '/');
  line.program_name = slash ? slash + 1 : argv[0];
  if (argc == 1) {
    fmt::print(stderr, "{}", help_text(line.program_name));
    return {std::nullopt, 1};
  }
  GetoptTables tables;
  int code;
  while ((code = getopt_long(argc, argv, tables.letters.c_str(), tables.longs.data(), nullptr)) !=
         -1) {
    if (code == '?') {
      fmt::print(stderr, "{}", help_text(line.program_name));
      return {std::nullopt, 1};
    }
    if (auto ended = apply(line, code, optarg ? optarg : "")) return *ended;
  }
  for (int i = optind; i < argc; i++) line.operands.emplace_back(argv[i]);
  if (line.report_failed_reads && !line.warnings) {
    return usage_error("USAGE: -k, --warnings conflicts with --no-warnings");
  }
  if (!line.command.empty() && !line.pid.empty()) {
    fmt::print(stderr, "ERROR: USAGE: Cannot use both -c and -p.\n{}",
               help_text(line.program_name));
    return {std::nullopt, 1};
  }
  return {std::move(line), 0};
}

}  // namespace gimlet::cli
