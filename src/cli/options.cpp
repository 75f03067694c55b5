#include "cli/options.h"

#include <fmt/format.h>
#include <getopt.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <span>

#include "cli/explain.h"
#include "cli/help.h"
#include "cli/option_table.h"

namespace gimlet::cli {
namespace {

// A complaint that ends the parsing with status 1.
Parsed usage_error(std::string message) { return {std::nullopt, 1, std::move(message)}; }

bool set_debug_stage(DebugStages& stages, const std::string& name) {
  bool all = name == "all";
  struct {
    const char* name;
    bool* flag;
  } table[] = {{"parse", &stages.parse},
               {"ast", &stages.ast},
               {"types", &stages.types},
               {"codegen", &stages.codegen},
               {"codegen-opt", &stages.codegen_opt},
               {"dis", &stages.dis},
               {"libbpf", &stages.libbpf},
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
    for (const Option& row : option_table()) {
      int takes = row.argument ? required_argument : no_argument;
      if (row.has_letter()) {
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
  if (name == "compiler-bench") return Mode::CompilerBench;
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

// What was asked for instead of a run.
Parsed told(const std::string& text) {
  if (fputs(text.c_str(), stdout) >= 0 && fflush(stdout) == 0) return {std::nullopt, 0};
  return usage_error(fmt::format("write to OUT failed: {}", strerror(errno)));
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
    case 'i': line.interactive = true; break;
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
    case 'h': return told(help_text(line.program_name));
    case kExplain: return Parsed{std::nullopt, explain_code(value)};
    case 'V': return told(version_text(line.program_name));
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
      return usage_error(
          "USAGE: --mode can only be 'codegen', 'compiler-bench', 'bench', 'test' or 'format'.");
    case kProbeFilter: line.probe_filter = value; break;
    case kDwarfPid: line.unwound_pids.push_back(value); break;
    case kAot: line.aot = true; break;
    // Of no effect: the kernel's own BTF is always used, and semaphores are raised for everybody.
    case 'b':
    case kUsdtActivation: break;
  }
  return std::nullopt;
}

}  // namespace

std::string name_of_program(const char* first_word) {
  const char* slash = strrchr(first_word, '/');
  return slash ? slash + 1 : first_word;
}

Parsed parse_command_line(int argc, char** argv) {
  CommandLine line;
  line.program_name = name_of_program(argv[0]);
  const Parsed help{std::nullopt, 1, {}, true};
  if (argc == 1) {
    // Who types nothing but the name wants to look around; a script that does has made a mistake.
    if (!isatty(0) || !isatty(1)) return help;
    line.interactive = true;
    return {std::move(line), 0};
  }
  GetoptTables tables;
  int code;
  while ((code = getopt_long(argc, argv, tables.letters.c_str(), tables.longs.data(), nullptr)) !=
         -1) {
    if (code == '?') return help;
    if (auto ended = apply(line, code, optarg ? optarg : "")) return std::move(*ended);
  }
  for (int i = optind; i < argc; i++) line.operands.emplace_back(argv[i]);
  if (line.list && line.operands.size() > 1) return help;
  if (line.report_failed_reads && !line.warnings) {
    return usage_error("USAGE: -k, --warnings conflicts with --no-warnings");
  }
  if (line.aot) {
    return usage_error(line.report_failed_reads ? "Cannot use -k with --aot"
                                                : "--aot is not supported by this build");
  }
  if (!line.command.empty() && line.pid) {
    return {std::nullopt, 1, "USAGE: Cannot use both -c and -p.", true};
  }
  return {std::move(line), 0};
}

}  // namespace gimlet::cli
