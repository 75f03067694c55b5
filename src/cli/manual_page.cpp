// The manual page, in the macros of man(7).
#include <fmt/format.h>

#include <string_view>

#include "ast/config.h"
#include "cli/option_pages.h"
#include "cli/option_table.h"

namespace gimlet::cli {
namespace {

// Hyphens that are typed are minus signs to roff; a dot at the start of a line would be a macro.
std::string plain(std::string_view text) {
  std::string out = text.starts_with('.') ? "\\&" : "";
  for (char c : text) {
    if (c == '-') {
      out += "\\-";
    } else if (c == '\\') {
      out += "\\e";
    } else if (c == '\'') {
      out += "\\(aq";
    } else if (c == '`') {
      out += "\\(ga";
    } else {
      out += c;
    }
  }
  return out;
}

// An entry of a list: what is typed, and what it does.
std::string entry(const std::string& head, std::string_view text) {
  return fmt::format(".TP\n{}\n{}\n", head, plain(text));
}

// "\fB\-p\fR, \fB\-\-pid\fR \fIPID\fR"
std::string option_head(const Option& option) {
  std::string out;
  if (option.has_letter()) out = fmt::format("\\fB\\-{}\\fR", static_cast<char>(option.code));
  if (option.name) {
    out += fmt::format("{}\\fB\\-\\-{}\\fR", out.empty() ? "" : ", ", plain(option.name));
  }
  if (option.argument) out += fmt::format(" \\fI{}\\fR", option.argument);
  return out;
}

std::string option_sections() {
  std::string out;
  for (OptionGroup group : kOptionGroups) {
    out += fmt::format(".SH {}\n", group_title(group));
    for (const Option& row : option_table()) {
      if (row.group == group) out += entry(option_head(row), row.help);
    }
  }
  return out;
}

std::string environment_section() {
  std::string out =
      ".SH ENVIRONMENT\nSettings that a script may also make in its\n.B config\nblock, there "
      "without BPFTRACE_ and in small letters; the environment wins. Defaults are in "
      "brackets.\n";
  for (const ast::ConfigKey& key : ast::config_keys()) {
    const std::string standard = ast::shown_default(key);
    out += entry(fmt::format("\\fB{}\\fR{}", ast::environment_name(key),
                             standard.empty() ? "" : fmt::format(" [{}]", plain(standard))),
                 key.summary);
  }
  out += ".PP\nIn no script:\n";
  out += entry("\\fBBPFTRACE_COLOR\\fR [auto]", "colours of messages: auto, always or never");
  out += entry("\\fBNO_COLOR\\fR", "if set, no colours unless BPFTRACE_COLOR asks for them");
  out += entry("\\fBBPFTRACE_BTF\\fR", "a raw BTF file to use instead of the kernel\'s own");
  out += entry("\\fBNOTIFY_SOCKET\\fR",
               "where a service manager is told that events are shown, and of the end");
  return out;
}

constexpr std::string_view kHead =
    R"(.\" Made by scripts/gen-pages from the tables of options and settings.
.TH GIMLET 8 "" gimlet "System Administration"
.SH NAME
gimlet \- trace a running Linux system with small programs
.SH SYNOPSIS
.nf
\fBgimlet\fR [\fIoptions\fR] \fIFILE\fR [\fIARGS\fR]
\fBgimlet\fR [\fIoptions\fR] \fB\-e\fR \fIPROGRAM\fR [\fIARGS\fR]
\fBgimlet\fR [\fIoptions\fR] \fB\-\fR
\fBgimlet\fR \fB\-l\fR[\fBv\fR] [\fIPATTERN\fR]
.fi
.SH DESCRIPTION
gimlet compiles a program of the bpftrace language into BPF, attaches it to the
places of the kernel and of processes that it names, and shows what it reports
until it is interrupted, calls
.BR exit() ,
or its process ends.
The program is the text after
.BR \-e ,
a file, or, as
.BR \- ,
the standard input.
Further words are its parameters
.BR $1 ", " $2
and so on; those that start with two hyphens are named ones and come after
.BR \-\- .
.PP
Tracing needs the rights of root. Showing the help, the version and formatting
a program do not.
)";

constexpr std::string_view kTail = R"(.SH SIGNALS
.B SIGINT
and
.B SIGTERM
end the run; its
.B end
probes run and its maps are printed.
.B SIGUSR1
runs the probes
.BR self:signal:SIGUSR1 .
.SH EXIT STATUS
.TP
.B 0
The run ended normally.
.TP
.B 1
The command line or the program is wrong, a file cannot be used, or a right is
missing.
.TP
.B 2
A setting in the environment or C text of the program is wrong.
.TP
.B 255
The kernel refused to load or attach the program.
.PP
A program that calls
.BI exit( N )
decides on the status itself.
.SH EXAMPLES
.TP
Count opened files by process:
.EX
gimlet \-e \(aqtracepoint:syscalls:sys_enter_openat { @[comm] = count(); }\(aq
.EE
.TP
Sample the user stacks of a process:
.EX
gimlet \-e \(aqprofile:hz:99 { @[ustack] = count(); }\(aq \-p PID
.EE
.TP
List the tracepoints of the scheduler with their fields:
.EX
gimlet \-lv \(aqtracepoint:sched:*\(aq
.EE
.SH SEE ALSO
.BR bpf (2),
.BR bpftool (8)
)";

}  // namespace

std::string manual_page() {
  return std::string(kHead) + option_sections() + environment_section() + std::string(kTail);
}

}  // namespace gimlet::cli
