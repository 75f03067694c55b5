#include "cli/info.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <span>
#include <string_view>

#include "ast/arch.h"
#include "codegen/version.h"

namespace gimlet::cli {
namespace {

// "name: yes".
struct Answer {
  const char* name;
  bool yes;
};

std::string shown(const Answer& answer) {
  return fmt::format("{}: {}", answer.name, answer.yes ? "yes" : "no");
}

// One item, or two with the second in a column of its own.
std::string row(const std::string& first, const std::string& second = {}) {
  constexpr int kColumn = 33;  // besides the indentation
  if (second.empty()) return fmt::format("  {}\n", first);
  return fmt::format("  {:<{}}{}\n", first, kColumn, second);
}

std::string rows(std::span<const Answer> answers) {
  std::string out;
  for (size_t i = 0; i < answers.size(); i += 2) {
    out += row(shown(answers[i]), i + 1 < answers.size() ? shown(answers[i + 1]) : "");
  }
  return out;
}

std::string system_section() {
  utsname system{};
  uname(&system);
  return fmt::format("System\n  OS: {} {} {}\n  Arch: {}\n\n", system.sysname, system.release,
                     system.version, system.machine);
}

// These are names of what others need a library for. Here gimlet's own decoder of instructions
// finds out where one begins, and gimlet itself tells the service manager and resolves names of
// libraries.
std::string build_section() {
  constexpr Answer kAnswers[] = {
      {"bfd", true},
      {"libdw (DWARF support)", true},
      {"libsystemd (systemd notify support)", true},
      {"blazesym (advanced symbolization)", false},
      {"dwunwind (DWARF stack unwinding)", ast::kArchitecture == std::string_view("x86_64")},
      {"bcc library path resolution", true},
  };
  std::string out = "Build\n" + row("version: v0.26.0-gimlet." GIMLET_VERSION) +
                    row(fmt::format("LLVM: {}", codegen::llvm_version()));
  for (const Answer& answer : kAnswers) out += row(shown(answer));
  return out + "\n";
}

}  // namespace

std::string info_text(const kernel::Survey& survey) {
  // First what everybody shows, in its usual order; the names of other versions follow.
  const Answer helpers[] = {{"dpath", survey.dpath},
                            {"get_tai_ns", survey.get_tai_ns},
                            {"get_func_ip", survey.get_func_ip},
                            {"lookup_percpu_elem", survey.lookup_percpu_elem},
                            {"loop", survey.loop}};
  const Answer more_helpers[] = {{"probe_read_kernel", survey.probe_read_kernel},
                                 {"send_signal", survey.send_signal},
                                 {"skboutput", survey.skb_output},
                                 {"get_ktime_ns", survey.get_tai_ns},
                                 {"jiffies64", survey.jiffies64}};
  const Answer probes[] = {{"kprobe_multi", survey.kprobe_multi},
                           {"uprobe_multi", survey.uprobe_multi},
                           {"kprobe_session", survey.kprobe_session},
                           {"iter", survey.iter},
                           {"fentry", survey.fentry}};
  std::string out = system_section() + build_section();
  out += "Kernel helpers\n" + rows(helpers) + rows(more_helpers) + "\n";
  out += "Kernel features\n";
  out += row(fmt::format("Instruction limit: {}", survey.instruction_limit),
             shown({"btf", survey.btf}));
  out += row(shown({"module btf", survey.module_btf}));
  out += row(shown({"Loop support", survey.bounded_loops})) + "\n";
  return out + "Probe types\n" + rows(probes) + "\n";
}

}  // namespace gimlet::cli
