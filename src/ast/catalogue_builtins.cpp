// E09, second part: single builtins with rules of their own.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0941", Error, "20.2", "Invalid timestamp mode: {}", R"(
`nsecs` and `strftime` read one of several clocks. `boot` counts from the start of
the system, `monotonic` the same without the time asleep, `tai` is civil time
without leap seconds, `sw_tai` the same computed without the kernel's help.

    begin { print(nsecs(wall)); }

    begin { print(nsecs(boot)); }
)"},
    {"E0942", Error, "20.2", "Invalid PID namespace mode: {} (expects: curr_ns or init)", R"(
Inside a container a process has two ids: `init` is the one that the whole system
knows, `curr_ns` the one inside the namespace that gimlet runs in.

    begin { print(pid(host)); }

    begin { print(pid(init)); }
)"},
    {"E0943", Error, "20.2", "{}() only supports curr_ns and init as the argument", R"(
The argument chooses the namespace in which the id is counted, by one of these
words and not by a value.

    begin { print(pid(1)); }

    begin { print(pid(curr_ns)); }
)"},
    {"E0944", Error, "20.2", "Error parsing stack mode: {}: {}", R"(
The mode decides how a stack is written. `bpftrace` and `perf` differ in layout,
`raw` gives addresses, `build_id` gives build ids with offsets and is for stacks of
user programs.

    begin { print(kstack(pretty)); }

    begin { print(kstack(perf)); }
)"},
    {"E0945", Error, "20.2", "Expected stack mode as first argument", R"(
With two arguments the first one is the mode of the stack, one of a few words, and
the second one the number of frames.

    begin { print(kstack(5, perf)); }

    begin { print(kstack(perf, 5)); }
)"},
    {"E0946", Error, "20.2", "'build_id' stack mode can only be used for ustack", R"(
Build ids identify program files and shared libraries. Stacks of the kernel have
none.

    begin { print(kstack(build_id)); }

    begin { print(kstack(raw)); }
)"},
    {"E0947", Error, "18", "{}: invalid limit value", R"(
The number of frames is part of the stack's type, so it has to be a literal that
is not negative.

    begin { print(kstack(perf, -1)); }

    begin { print(kstack(perf, 3)); }
)"},
    {"E0948", Error, "18", "{}([int limit]): limit shouldn't exceed 1024, {} given", R"(
The kernel collects at most 1024 frames of a stack. Without a limit 127 are
collected.

    begin { print(kstack(2000)); }

    begin { print(kstack(1024)); }
)"},
    {"E0951", Error, "20.2",
     "str() expects an integer or a pointer type as first argument ({} "
     "provided)",
     R"(
`str` reads text from memory, so it needs an address. Values that are text already
can be used as they are.

    begin { print(str((1, 2))); }

    tracepoint:syscalls:sys_enter_openat { print(str(args.filename)); }
)"},
    {"E0952", Error, "20.2", "{}() expects a non-negative length", R"(
The length is how many bytes to read at most.

    begin { print(str("abc", -1)); }

    begin { print(str("abc", 2)); }
)"},
    {"W0953", Warning, "20.2",
     "length param ({}) is too long and will be shortened to {} bytes (see BPFTRACE_MAX_STRLEN)",
     R"(
Strings and buffers have a largest size, which the setting `max_strlen` gives. The
rest would be cut off.

    tracepoint:syscalls:sys_enter_openat { print(str(args.filename, 2000)); }

Ask for less, or raise the limit:

    config = { max_strlen = 4096 }
    tracepoint:syscalls:sys_enter_openat { print(str(args.filename, 2000)); }
)"},
    {"E0954", Error, "20.2",
     "buf() only supports integer, pointer, string or array arguments ({} provided)", R"(
`buf` copies bytes from memory, so it needs an address or something that lies in
memory.

    begin { print(buf((1, 2), 4)); }

    begin { print(buf(comm, 4)); }
)"},
    {"E0955", Error, "20.2", "buf() expects a length argument for non-array type {}", R"(
An array has a size. Behind a pointer any number of bytes may follow, so say how
many are wanted.

    tracepoint:syscalls:sys_enter_openat { print(buf(args.filename)); }

    tracepoint:syscalls:sys_enter_openat { print(buf(args.filename, 16)); }
)"},
    {"E0956", Error, "20.2", "'{}' is not a valid register on this architecture ({})", R"(
The registers have the names that the kernel gives them in `struct pt_regs` on
this machine's architecture.

    uprobe:/bin/bash:readline { print(reg("rax")); }

    uprobe:/bin/bash:readline { print(reg("ax")); }
)"},
    {"E0957", Error, "20.2", "strftime() does not accept negative timestamps", R"(
A time is counted in nanoseconds from the start of the system, and was never
before it.

    begin { print(strftime("%H:%M", -5)); }

    begin { print(strftime("%H:%M", nsecs)); }
)"},
    {"E0958", Error, "20.2", "strftime() can not take a monotonic timestamp", R"(
The monotonic clock stands still while the system sleeps, so it cannot be turned
into a time of day.

    begin { print(strftime("%H:%M", nsecs(monotonic))); }

    begin { print(strftime("%H:%M", nsecs(boot))); }
)"},
    {"E0959", Error, "20.2", "exit() only supports int arguments ({} provided)", R"(
The argument is the exit status of gimlet.

    begin { exit("done"); }

    begin { exit(0); }
)"},
    {"E0960", Error, "19",
     "sarg* is deleted. This was deprecated in v0.21 and was last available in v0.24.", R"(
`sarg0`, `sarg1` and so on read arguments from the stack, at places that hold only
for some functions.

    uprobe:/bin/bash:readline { print(sarg0); }

Read the stack yourself, at the offset that the function's calling convention
gives.

    uprobe:/bin/bash:readline { print(*(reg("sp") + 8)); }
)"},
    {"E0985", Error, "20.2",
     "dw_ustack requires a target process. Use -p, -c, or --dwarf-pid to specify one.", R"(
`dw_ustack` finds callers by tables in the program's files, which are read when
tracing starts: for the processes that were named, and for no others.

    $ gimlet -e 'profile:hz:99 { @[dw_ustack] = count(); }'

Name a process, or start it:

    $ gimlet -e 'profile:hz:99 { @[dw_ustack] = count(); }' -c ./app
)"},
    {"E0986", Error, "20.2", "dw_ustack is only supported on x86_64", R"(
The tables of other processors are not understood yet. `ustack` follows frame
pointers everywhere.

    $ gimlet -e 'profile:hz:99 { @[dw_ustack] = count(); }' -p 4242

    profile:hz:99 { @[ustack] = count(); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_builtins() { return kRows; }

}  // namespace gimlet::ast
