// E09, third part: builtins that only some probes offer.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0971", Error, "20.2", "Use args instead of ctx in tracepoint", R"(
The raw record of a tracepoint begins with fields that BPF programs may not read.
`args` gives the fields by name, at their right places.

    tracepoint:sched:sched_switch { print(ctx); }

    tracepoint:sched:sched_switch { print(args.next_pid); }
)"},
    {"E0972", Error, "20.2", "The {} builtin can not be used with '{}' probes", R"(
The value belongs to events of another kind: a timer has no function that it is
in, and `begin` no context.

    interval:s:1 { print(func); }

Use it where it exists, or something that all probes have.

    interval:s:1 { print(cpu); }
)"},
    {"E0973", Error, "20.2",
     "The args builtin can only be used with tracepoint, rawtracepoint, fentry/fexit, and uprobe "
     "probes ({} used here)",
     R"(
`args` holds the named arguments of an event. This kind of probe has none, or
nothing tells their names.

    begin { print(args.filename); }

    tracepoint:syscalls:sys_enter_openat { print(str(args.filename)); }
)"},
    {"E0974", Error, "20.2",
     "The {} builtin can only be used with 'kprobes', 'uprobes' and 'usdt' probes", R"(
`arg0`, `arg1` and so on are the arguments of a function at its entry, taken from
the registers. At other events the registers hold something else.

    tracepoint:syscalls:sys_enter_openat { print(arg0); }

    tracepoint:syscalls:sys_enter_openat { print(args.flags); }
)"},
    {"E0975", Error, "20.2",
     "The retval builtin can only be used with 'kretprobe' and 'uretprobe' and 'fentry' probes "
     "(try to use args.ret instead)",
     R"(
`retval` is the result of a function, which exists when the function ends. At its
entry, and at events that are no functions, there is none.

    tracepoint:syscalls:sys_exit_read { print(retval); }

The tracepoints at the end of system calls have it as a field.

    tracepoint:syscalls:sys_exit_read { print(args.ret); }
)"},
    {"E0976", Error, "20.2",
     "The retval builtin can only be used with 'kretprobe' and 'uretprobe' and 'fentry' probes", R"(
`retval` is the result of a function, which exists when the function ends. At its
entry, and at events that are no functions, there is none.

    uprobe:/bin/bash:readline { print(retval); }

    uretprobe:/bin/bash:readline { print(retval); }
)"},
    {"E0977", Error, "20.2", "reg can not be used with \"{}\" probes", R"(
Registers are only kept for events that interrupt a program: functions, timers of
`profile`, counters. This event carries other data instead.

    tracepoint:sched:sched_switch { print(reg("ip")); }

    profile:hz:10 { print(reg("ip")); }
)"},
    {"E0978", Error, "20.2", "{} can not be used with \"{}\" probes", R"(
The function needs something that events of this kind do not carry, or that the
kernel does not allow there.

    rawtracepoint:sched_switch { print(1); } begin { print(socket_cookie(0)); }

    begin { print(pid); }
)"},
    {"E0984", Error, "20.2", "Can't find a field $retval", R"(
There is no result: the function has just begun, or it is one that returns nothing.

    fentry:vfs_read { print(retval); }

    fexit:vfs_read { print(retval); }
)"},
    {"E0979", Error, "20.2", "Can't find function parameter {}", R"(
The function has no parameter of this name. Names come from the debug information
of the kernel or of the program, so they can differ between versions.

    fentry:vfs_read { print(args.filee); }

    fentry:vfs_read { print(args.file); }

`gimlet -lv 'fentry:vfs_read'` lists the parameters.
)"},
    {"E0980", Error, "20.2", "{} doesn't support {}", R"(
On this architecture fewer arguments than that are passed in registers; the rest
lie on the stack.

    uprobe:/bin/bash:readline { print(arg9); }

Read the stack yourself, at the offset that the calling convention gives.

    uprobe:/bin/bash:readline { print(*(reg("sp") + 32)); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_context() { return kRows; }

}  // namespace gimlet::ast
