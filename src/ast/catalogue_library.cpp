// E14: the standard library.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E1401", Error, "20.2", "Syntax comm(PID) is not supported in this probe type yet. Type: {}", R"(
To find another task by its id the kernel must let the program call one of its
functions. It does so for some kinds of probes only, and newer kernels for more.
`comm` alone, the name of the current thread, is there for all.

    begin { print(comm(1)); }

    begin { print(comm); }
)"},
    {"E1402", Error, "20.2", "override() can only be used inside kprobes", R"(
Only at the entry of a kernel function can the function be left out, and its
result be made up. Elsewhere there is nothing to override.

    $ gimlet --unsafe -e 'kretprobe:vfs_read { override(0); }'

    $ gimlet --unsafe -e 'kprobe:should_failslab { override(-12); }'
)"},
    {"E1403", Error, "20.2", "The path function can only be used with 'fentry', 'fexit', 'iter' probes", R"(
The kernel builds the path of a file only for programs whose arguments it knows
by their types.

    kprobe:filp_close { print(path(((struct file *)arg0).f_path)); }

    fentry:filp_close { print(path(args.filp.f_path)); }
)"},
    {"E1404", Error, "20.2", "{}() can not be used for this probetype {}", R"(
A signal is for the process that the probe fires in. Timers and the probes of
gimlet's own life fire in no particular one.

    $ gimlet --unsafe -e 'begin { signal("TERM"); }'

    $ gimlet --unsafe -e 'tracepoint:syscalls:sys_enter_getppid { signal("TERM"); }'
)"},
    {"E1405", Error, "20.2", "Failed to resolve kernel symbol: {}", R"(
The kernel's list of symbols, /proc/kallsyms, has no such name, or does not show
its address. Kernels that are built without CONFIG_KALLSYMS_ALL list functions, and
leave variables out.

    begin { print(kaddr("no_such_symbol")); }

    begin { print(kaddr("vfs_read")); }
)"},
    {"E1406", Error, "20.2", "Could not resolve variable \"{}\" from BTF", R"(
The kernel's type information describes the variables that each CPU has its own
of; this is none of them, or the kernel does not tell where it lies.

    begin { print(percpu_kaddr("no_such_variable")); }

    begin { print(kaddr("vfs_read")); }
)"},
    {"E1407", Error, "20.2", "Invalid string for signal: {}", R"(
No signal has this name. `kill -l` lists the names; `SIG` in front of them may be
left out, and capitals do not matter.

    $ gimlet --unsafe -e 'uprobe:libc:abort { signal("DIE"); }'

    $ gimlet --unsafe -e 'uprobe:libc:abort { signal("KILL"); }'
)"},
    {"E1408", Error, "20.2", "{}() accepts a string literal or an integer between 1 and {} (inclusive)", R"(
Signals have names, and numbers from 1 to 64. A string must be a literal.

    $ gimlet --unsafe -e 'uprobe:libc:abort { signal(65); }'

    $ gimlet --unsafe -e 'uprobe:libc:abort { signal(9); }'
)"},
    {"E1409", Error, "20.2", "write_user() expects a string or the address of a variable as source ({} provided)", R"(
What is written comes from the program itself: a string, or a variable by its
address.

    $ gimlet --unsafe -e 'uprobe:libc:getenv { $x = 1; write_user(arg0, $x, 1); }'

    $ gimlet --unsafe -e 'uprobe:libc:getenv { $x = 1; write_user(arg0, &$x, 1); }'
)"},
    {"E1410", Error, "20.2", "write_user() cannot copy {} bytes of a source that has {}", R"(
The length goes beyond the value that is copied.

    $ gimlet --unsafe -e 'uprobe:libc:getenv { write_user(arg0, "ab", 9); }'

    $ gimlet --unsafe -e 'uprobe:libc:getenv { write_user(arg0, "ab", 3); }'
)"},
    {"E1412", Error, "20.2", "path() expects a size from 1 to {}", R"(
The size is the room for the path, the NUL at its end included. Longer paths lose
their front. There are no paths of more than 4096 bytes.

    fentry:filp_close { print(path(args.filp.f_path, 0)); }

    fentry:filp_close { print(path(args.filp.f_path, 64)); }
)"},
    {"E1413", Error, "20.2", "{}() accepts a string literal only", R"(
The question is answered while the program is compiled, so the name must be known
then.

    begin { $name = "vfs_read"; print(kfunc_exist($name)); }

    begin { print(kfunc_exist("vfs_read")); }
)"},
    {"E1414", Error, "20.2", "Failed to get `cgroupid` for path: \"{}\": {}", R"(
The path must be a folder of the cgroup file system (version 2); the end of the
message says what is wrong. `grep cgroup2 /proc/mounts` shows where it is mounted.

    begin { print(cgroupid("/no/such/folder")); }

    begin { print(cgroup); }
)"},
    {"E1415", Error, "20.2", "socket_cookie() only supports 'struct sock *' as the argument ({} provided)", R"(
The kernel wants to see a socket of that type. Many structures begin with one, or
lead to one.

    rawtracepoint:inet_sock_set_state { print(socket_cookie(args.oldstate)); }

    rawtracepoint:inet_sock_set_state { print(socket_cookie(args.sk)); }
)"},
    {"E1416", Error, "20.2", "unwatch() is not supported", R"(
Older versions of the language could take watchpoints away. Today they stay until
the program ends.

    begin { unwatch(0); }

    begin { exit(); }
)"},
    {"E1417", Error, "20.2", "'usermode' builtin is only supported on x86_64", R"(
Other processors do not tell in one register whether they ran the kernel or a
program.

    profile:hz:99 { @[usermode] = count(); }

    profile:hz:99 { @ = count(); }
)"},
    {"W1418", Warning, "20.2", "the kernel cannot look up tasks by their id; comm(PID) is \"[unknown]\"", R"(
`comm(PID)` needs functions that kernels have since Linux 6.2. Older ones give the
name of the current thread only.

    profile:hz:9 { print(comm(1)); }

    profile:hz:9 { print(comm); }
)"},
    {"E1419", Error, "20.2", "debugf() only supports %d, %u, %x, %p and %s, without flags and widths (conversion {} is %{})", R"(
The kernel formats this text, and its formatting is a simple one. `printf` has
more, and shows its text here.

    begin { debugf("%5d", pid); }

    begin { printf("%5d\n", pid); }
)"},
    {"E1420", Error, "20.2", "cannot use more than 3 conversion specifiers", R"(
The kernel's own trace buffer takes three values in one text.

    begin { debugf("%d %d %d %d", 1, 2, 3, 4); }

    begin { printf("%d %d %d %d\n", 1, 2, 3, 4); }
)"},
    {"W1421", Warning, "20.2", "The debugf() builtin is not recommended for production use. {}", R"(
The kernel's trace buffer is one for the whole system: everything that writes to
it is mixed, and whoever reads it takes the text away from others.

    begin { debugf("here"); }

    begin { printf("here\n"); }
)"},
    {"E1422", Error, "20.2", "string-like arrays must contain a char-like type", R"(
Text is made of bytes. An array of larger numbers is none.

    begin { print(strlen((uint16[2])0x10002)); }

    begin { print(strlen("two")); }
)"},
    {"E1423", Error, "20.2", "string-like pointers must point to a char-like type", R"(
Text is made of bytes. If the pointer leads to text all the same, cast it.

    begin { print(strlen(curtask)); }

    begin { print(strlen((int8 *)curtask)); }
)"},
    {"E1424", Error, "20.2", "string-like values must be either strings, arrays or pointers", R"(
The function reads text, and this value is none. An address becomes text by
`str()`.

    begin { print(strlen(5)); }

    begin { print(strlen("five")); }
)"},
    {"E1425", Error, "20.2", "memcmp() does not support {} arguments", R"(
Values are compared by their bytes, not by what they point to.

    begin { print(memcmp(curtask, curtask, 8)); }

    begin { print(memcmp(comm, "gimlet", 6)); }
)"},
    {"E1426", Error, "20.2", "memcmp() cannot compare {} bytes of a value that has {}", R"(
The number goes beyond the smaller one of the two values.

    begin { print(memcmp("ab", "abc", 4)); }

    begin { print(memcmp("ab", "abc", 2)); }
)"},
    {"E1427", Error, "20.2", "ntop() argument must be 4 or 16 bytes in size", R"(
An address of version 4 has 4 bytes, one of version 6 has 16.

    begin { print(ntop((uint8[8])1)); }

    begin { print(ntop((uint8[4])(uint32)1)); }
)"},
    {"E1428", Error, "20.2", "pton() expects a valid IPv4/IPv6 address, got {}", R"(
The text is not an address of numbers. Names of machines are not looked up.

    begin { print(pton("localhost")); }

    begin { print(pton("127.0.0.1")); }
)"},
    {"E1429", Error, "20.2", "pton() expects an string literal at the first argument", R"(
The bytes are computed while the program is compiled, so the text must be known
then.

    begin { print(pton(comm)); }

    begin { print(pton("::1")); }
)"},
    {"E1430", Error, "20.2", "macaddr() argument must be at least 6 bytes in size", R"(
A hardware address has six bytes.

    begin { print(macaddr((uint8[4])(uint32)1)); }

    begin { print(macaddr((uint8[8])1)); }
)"},
    {"E1431", Error, "20.2", "macaddr() does not support literal string arguments", R"(
The function shows bytes that were read from somewhere. A text that looks like an
address already can be printed as it is.

    begin { print(macaddr("001122")); }

    begin { print(macaddr((uint8[8])1)); }
)"},
    {"E1432", Error, "20.2", "skboutput() only supports 'struct sk_buff *' as the second argument ({} provided)", R"(
The kernel itself copies the packet, and wants to see one of its own.

    rawtracepoint:net_dev_queue { $r = skboutput("a.pcap", 1, 64, 0); }

    rawtracepoint:net_dev_queue { $r = skboutput("a.pcap", args.skb, 64, 0); }
)"},
    {"W1433", Warning, "20.2", "'build_id' stack mode can only be used for ustack. Falling back to 'raw' mode.", R"(
The configuration asks for build ids, and the kernel's code has none. Say at the
stack itself how it shall look.

    config = { stack_mode = build_id } begin { print(kstack); }

    config = { stack_mode = build_id } begin { print(kstack(perf)); }
)"},
    {"R1434", Runtime, "20.2", "helper {} not allowed in probe", R"(
The kernel does not let programs of this kind call what the builtin is made of, or
not at this place, or not while the system is locked down. A newer kernel may.

    $ gimlet --unsafe script.bt

    $ gimlet --unsafe -v script.bt
)"},
    {"R1435", Runtime, "20.2", "{}() expects an integer between 1 and {} (inclusive). Got {}", R"(
The number was computed, and turned out to be no signal. Nothing was sent.

    $ gimlet --unsafe -e 'uprobe:libc:abort { $n = 99; signal($n); }'

    $ gimlet --unsafe -e 'uprobe:libc:abort { $n = 9; signal($n); }'
)"},
    {"R1436", Runtime, "20.2", "{} call failed with error {}", R"(
The kernel would not send the signal, for the reason that the number stands for;
`strerror()` has the words.

    $ gimlet --unsafe -e 'uprobe:libc:abort { signal("KILL"); }'

    $ gimlet --unsafe -e 'uprobe:libc:abort /pid > 1/ { signal("KILL"); }'
)"},
    {"R1437", Runtime, "20.2", "No such process (pid={})", R"(
No task has this id in the initial namespace: it ended, or the number is one of a
container's. The name is "N/A".

    profile:hz:9 { print(comm(99999999)); }

    profile:hz:9 { print(comm(pid(init))); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_library() { return kRows; }

}  // namespace gimlet::ast
