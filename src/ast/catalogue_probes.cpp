// E10, first part: how probes are written; timers, counters and tracepoints.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E1001", Error, "20.2", "Invalid probe type: {}", R"(
An attach point begins with the kind of event, and there is no such kind. Short
forms such as `t`, `k`, `u` and `i` are lower case.

    tracepont:sched:sched_switch { print(1); }

    tracepoint:sched:sched_switch { print(1); }
)"},
    {"E1047", Error, "20.2", "No probe type matched for {}", R"(
A pattern in place of the kind of event stands for the kinds of the kernel, or for
`uprobe` and `usdt` if a path follows or `-p` is given. None of those it matches
can have a target of that form.

    t*:sched_switch { print(1); }

    t*:sched:sched_switch { print(1); }
)"},
    {"E1002", Error, "20.2", "{} probe type requires {} argument{}, found {}", R"(
The parts of an attach point are separated by `:`. This kind of probe needs
another number of parts behind its name; the hint shows its form. A part that
contains a `:` itself is written in quotes.

    tracepoint:sched_switch { print(1); }

    tracepoint:sched:sched_switch { print(1); }
)"},
    {"E1004", Error, "20.2",
     "Probe has no valid attach points. If this is expected, set the 'missing_probes' config "
     "variable to 'warn'.",
     R"(
None of the attach points of this probe exists on this system. `gimlet -l` with a
pattern lists those that do.

    tracepoint:sched:nothing_* { print(1); }

A script that should also run where the event is missing says
`config = { missing_probes = warn }`. Otherwise name an event that is there:

    tracepoint:sched:sched_* { print(1); }
)"},
    {"W1005", Warning, "20.2",
     "Probe has no valid attach points. It is being removed which may cause issues with program "
     "behavior.",
     R"(
None of the attach points of this probe exists on this system, and the setting
`missing_probes` says to go on. What the probe would have put into maps will be
missing elsewhere in the program.

    config = { missing_probes = warn }
    tracepoint:sched:nothing_* { @n++; }
    begin { print(1); }

    tracepoint:sched:sched_* { @n++; }
    begin { print(1); }
)"},
    {"E1006", Error, "18",
     "Your program is trying to generate more than {} BPF programs, which exceeds the current "
     "limit of {}",
     R"(
Each event that a pattern matches counts as a program of its own. Loading and
attaching very many takes minutes, so there is a limit.

    tracepoint:*:* { @n = count(); }

Narrow the pattern, or raise the limit with the setting `max_bpf_progs`. Patterns of
functions are one program where the kernel can attach it to all of them at once.

    tracepoint:sched:* { @n = count(); }
)"},
    {"E1007", Error, "2.6", "invalid trailing character for positional param: {}", R"(
In an attach point `$1` stands for the first parameter of the command line. Here a
`$` is followed by something that is no such number.

    uprobe:/bin/bash:$name { print(1); }

If the `$` belongs to the name, quote the part.

    uprobe:/bin/bash:"$name" { print(1); }
)"},
    {"E1008", Error, "18",
     "Can't attach to {} probes because it exceeds the current limit of {} probes.", R"(
The program attaches to very many events. Attaching to each takes time, and each one
costs something whenever it occurs.

    config = { max_probes = 2 }
    tracepoint:sched:* { @n = count(); }

Narrow the pattern, or raise the limit with the setting `max_probes`.

    tracepoint:sched:* { @n = count(); }
)"},
    {"E1011", Error, "20.2", "No matches for {} {}.", R"(
There is no such event on this system. It may belong to a module that is not
loaded, be spelled differently, or exist in other versions of the kernel only.

    tracepoint:sched:sched_swich { print(1); }

    tracepoint:sched:sched_switch { print(1); }

`gimlet -l 'tracepoint:sched:*'` lists what there is.
)"},
    {"W1012", Warning, "20.2", "No matches for {} {}. Skipping.", R"(
There is no such event on this system, and the setting `missing_probes` says to go
on without it.

    config = { missing_probes = warn }
    tracepoint:sched:sched_swich, tracepoint:sched:sched_switch { print(1); }

    tracepoint:sched:sched_switch { print(1); }
)"},
    {"E1013", Error, "20.2", "tracepoint probe must have a target", R"(
A tracepoint is named by its category and its event. Either of them is empty here.

    tracepoint:sched: { print(1); }

    tracepoint:sched:sched_switch { print(1); }
)"},
    {"E1014", Error, "20.2", "rawtracepoint should be attached to a function", R"(
A raw tracepoint is named by its event, without a category. The name is empty here.

    rawtracepoint: { print(1); }

    rawtracepoint:sched_switch { print(1); }
)"},
    {"E1015", Error, "20.2", "rawtracepoints require kernel BTF. Try using a 'tracepoint' instead.",
     R"(
What a raw tracepoint hands over is described by the kernel's type information
(BTF) only, and this system has none.

    rawtracepoint:sched_switch { print(1); }

    tracepoint:sched:sched_switch { print(1); }
)"},
    {"E1016", Error, "20.2", "fentry/fexit should specify a function", R"(
These probes need the name of a kernel function. The name is empty here.

    fentry: { print(1); }

    fentry:vfs_read { print(1); }
)"},
    {"E1017", Error, "20.2", "Only the 'bpf' variant of this probe supports 4 arguments", R"(
A kernel function is named by its module, or not, and by its name.

    fentry:vmlinux:fs:vfs_read { print(1); }

    fentry:vmlinux:vfs_read { print(1); }
)"},
    {"E1018", Error, "20.2", "fentry and fexit probes require kernel BTF.", R"(
What a kernel function takes and returns is described by the kernel's type
information (BTF) only, and this system has none.

    fentry:vfs_read { print(1); }

    tracepoint:syscalls:sys_enter_read { print(1); }
)"},
    {"E1019", Error, "20.2",
     "ambiguous attach point, please specify module containing the function '{}'", R"(
Several modules have a function of this name, and each would be another place to
attach to. Say which one is meant.

    $ gimlet -e 'fentry:init_once { print(1); }'

    fentry:vmlinux:vfs_read { print(1); }
)"},
    {"E1028", Error, "20.2", "functions with more than {} parameters are not supported.", R"(
The kernel hands over only the parameters that are passed in registers, and this
function has more.

    $ gimlet -e 'fentry:mmap_region { print(1); }'

Trace a function that it calls, or that calls it.

    fentry:vfs_read { print(1); }
)"},
    {"E1029", Error, "20.2", "functions with a variable number of parameters are not supported.",
     R"(
A function with `...` in its declaration, such as `_printk`, cannot be traced with
its parameters.

    fentry:_printk { print(1); }

    fentry:vprintk { print(1); }
)"},
    {"E1030", Error, "20.2", "functions that return '{}' are not supported.", R"(
The result of this function is a structure, which does not fit a register.

    $ gimlet -lv 'fexit:vfs_read'

    fexit:vfs_read { print(retval); }
)"},
    {"E1021", Error, "20.2", "{} is not an accepted unit of time", R"(
Timers know the units `hz` (times per second), `s`, `ms` and `us`.

    interval:days:1 { print(1); }

    interval:s:60 { print(1); }
)"},
    {"E1022", Error, "20.2", "Invalid rate of {} probe: {}", R"(
The last part of a timer is a plain number.

    interval:s:often { print(1); }

    interval:s:5 { print(1); }
)"},
    {"E1023", Error, "20.2",
     "Invalid rate of {} probe. Minimum is 1000 or 1us. Found: {} nanoseconds", R"(
A timer that fires more often than once in a microsecond would keep the CPU busy
with nothing else.

    interval:500 { print(1); }

    interval:1000000 { print(1); }
)"},
    {"E1024", Error, "20.2", "{} frequency should be a positive integer", R"(
A timer with a rate of zero would never fire.

    interval:s:0 { print(1); }

    interval:s:1 { print(1); }
)"},
    {"E1025", Error, "20.2", "wildcards are not allowed for {} probe type", R"(
The kernel's counters and timers each have one name and one rate. A pattern cannot
stand for several of them; list them one by one.

    software:* { print(1); }

    software:page-faults:100, software:context-switches:100 { print(1); }
)"},
    {"E1026", Error, "20.2", "{} is not a {} probe", R"(
The kernel has no such counter. The hint names the nearest one.

    software:page-fault:100 { print(1); }

    software:page-faults:100 { print(1); }
)"},
    {"E1027", Error, "20.2", "Invalid count for {} probe: {}", R"(
The last part says after how many of these events the probe fires, as a plain
number.

    software:page-faults:many { print(1); }

    software:page-faults:100 { print(1); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_probes() { return kRows; }

}  // namespace gimlet::ast
