#include "cli/option_table.h"

#include <fmt/format.h>

namespace gimlet::cli {
namespace {

using enum OptionGroup;

constexpr Option kTable[] = {
    {'e', nullptr, "PROGRAM", Common, "run this program"},
    {'i', "interactive", nullptr, Common,
     "open an interactive session, with the cells of a file if one is named"},
    {'l', "list", nullptr, Common, "list probes that match a pattern, or a program's probes"},
    {'p', "pid", "PID", Common, "trace this process only", Offer::Processes},
    {'c', "cmd", "COMMAND", Common, "run COMMAND and trace until it ends", Offer::Commands},
    {'o', "output", "FILE", Common, "write results to FILE", Offer::Files},
    {'f', nullptr, "FORMAT", Common, "format of results: text or json", Offer::Words, "text json"},
    {'B', nullptr, "MODE", Common, "buffering of results: line, full or none", Offer::Words,
     "line full none"},
    {'q', "quiet", nullptr, Common, "do not say how many probes were attached"},
    {'v', "verbose", nullptr, Common, "say more; with -l show arguments and definitions"},
    {kExplain, "explain", "CODE", Common,
     "explain a diagnostic by its code or its text; `list` shows all", Offer::Words, "list"},
    {'h', "help", nullptr, Common, "show this help"},
    {'V', "version", nullptr, Common, "show the version"},
    {kInfo, "info", nullptr, Common, "show what this kernel and build can do"},
    {kUnsafe, "unsafe", nullptr, Common, "allow what can change the traced system"},
    {'k', "warnings", nullptr, Common, "also report failed memory reads and map look-ups"},
    {kNoWarnings, "no-warnings", nullptr, Common, "show no warnings"},
    {'I', nullptr, "DIR", Common, "add a folder to the header search", Offer::Folders, "", true},
    {kInclude, "include", "FILE", Common, "include a header before the program", Offer::Files, "",
     true},
    {kDebugInfo, "debuginfo", "DIRS", Common,
     "folders with debug information of programs, separated by colons", Offer::Folders, "", true},
    {kTraceable, "traceable-functions", "FILE", Common,
     "read the functions that can be traced from FILE", Offer::Files},
    {kDwarfPid, "dwarf-pid", "PID", Common, "a process that dw_ustack shall unwind",
     Offer::Processes, "", true},
    {kUsdtActivation, "usdt-file-activation", nullptr, Common,
     "accepted; semaphores are always raised for every process"},
    {kProbeFilter, "probe-filter", "REGEX", Common, "attach only probes whose name matches"},
    {kNoFeature, "no-feature", "LIST", Common,
     "do without these: kprobe_multi, kprobe_session, uprobe_multi", Offer::List,
     "kprobe_multi kprobe_session uprobe_multi"},
    {kTest, "test", nullptr, Developer, "run test probes"},
    {kBench, "bench", nullptr, Developer, "run benchmark probes"},
    {kFmt, "fmt", nullptr, Developer, "format a program"},
    {kMode, "mode", "MODE", Developer,
     "codegen: compile and stop; compiler-bench; or format, test, bench", Offer::Words,
     "codegen compiler-bench bench test format"},
    {kDryRun, "dry-run", nullptr, Developer, "stop after attaching"},
    {kEmitElf, "emit-elf", "FILE", Developer, "write the BPF object to FILE", Offer::Files},
    {kEmitLlvm, "emit-llvm", "FILE", Developer,
     "write LLVM IR to FILE.original.ll and FILE.optimized.ll", Offer::Files},
    {kVerifyIr, "verify-llvm-ir", nullptr, Developer, "check the LLVM IR before optimising"},
    {kAot, "aot", "FILE", Developer, "standalone executables; refused, this build makes none",
     Offer::Files},
    {'d', "debug", "STAGES", Trouble,
     "print stages: parse, ast, types, codegen, codegen-opt, dis, libbpf, verifier, all",
     Offer::List, "parse ast types codegen codegen-opt dis libbpf verifier all", true},
    {'b', "btf", nullptr, Trouble, "accepted and ignored"},
};

}  // namespace

std::span<const Option> option_table() { return kTable; }

const Option* find_option(int code) {
  for (const Option& option : kTable) {
    if (option.code == code) return &option;
  }
  return nullptr;
}

const char* group_title(OptionGroup group) {
  switch (group) {
    case Common: return "OPTIONS";
    case Developer: return "DEVELOPER OPTIONS";
    case Trouble: break;
  }
  return "TROUBLESHOOTING OPTIONS";
}

std::string shown_name(const Option& option) {
  std::string name;
  if (option.has_letter()) name = fmt::format("-{}", static_cast<char>(option.code));
  if (option.name) name += fmt::format("{}--{}", name.empty() ? "" : ", ", option.name);
  if (option.argument) name += fmt::format(" {}", option.argument);
  return name;
}

}  // namespace gimlet::cli
