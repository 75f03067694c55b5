// E07: conditions, loops and jumps.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0701", Error, "13.1", "Invalid condition: {}", R"(
A condition is an integer, a `bool` or a pointer; it holds if it is not zero. For
other values say what they are compared with.

    begin { if (comm) { print(1); } }

    begin { if (comm != "") { print(1); } }

For an aggregation, too: `if (@c > 0)`.
)"},
    {"E0702", Error, "13.1",
     "Branches must return the same type or compatible types: have '{}' and '{}'", R"(
The value of an `if`, or of `c ? a : b`, is one of its two sides, so both need a
common type.

    begin { $x = pid > 1 ? 1 : "one"; }

    begin { $x = pid > 1 ? "many" : "one"; print($x); }
)"},
    {"W0703", Warning, "13.4", "Unreachable statement.", R"(
A `return`, `break`, `continue` or `exit()` stands before this statement, so it
never runs.

    begin { return; print(1); }

    begin { print(1); return; }
)"},
    {"W0704", Warning, "13.4", "Unreachable expression; block type is implicitly none.", R"(
A jump stands before the last expression of the block, which would be its value.
It is never reached, so the block has no value.

    begin { $x = { return; 5 }; print($x); }

    begin { $x = { print(1); 5 }; print($x); }
)"},
    {"W0711", Warning, "13.2", "While loops are deprecated and may be removed in the future.", R"(
The kernel accepts a `while` only if its verifier can see an end of it, which
fails easily. `for` over a range always ends and costs the verifier little.

    begin { $i = 0; while ($i < 5) { $i++; } }

    begin { for ($i : 0..5) { print($i); } }
)"},
    {"E0712", Error, "13.2", "invalid unroll value", R"(
The body is repeated in the program's code, so how often has to be known while
compiling: a literal, or a parameter of the command line.

    begin { $n = pid; unroll($n) { print(1); } }

    begin { unroll(3) { print(1); } }

For a number that is only known at run time use `for ($i : 0..$n)`.
)"},
    {"E0713", Error, "13.2", "unroll minimum value is 1", R"(
An `unroll` that is to run zero times would be no code at all.

    begin { unroll(0) { print(1); } }

    begin { unroll(1) { print(1); } }
)"},
    {"E0714", Error, "13.2", "unroll maximum value is {}", R"(
Each round is a copy of the body, and large programs are slow to verify or are
refused.

    begin { unroll(1000) { @n++; } }

    begin { for ($i : 0..1000) { @n++; } }
)"},
    {"E0715", Error, "13.2", "unroll makes more than {} copies of this body in all", R"(
Each `unroll` repeats the code inside it, so loops inside each other multiply. The
program would become larger than any that the kernel accepts.

    begin { unroll(50) { unroll(50) { unroll(50) { @ += 1; } } } }

A `for` loop is one copy of its body, however often that runs.

    begin { for $i : 0..125000 { @ += 1; } }
)"},
    {"E0721", Error, "13.3",
     "{} has no explicit keys (scalar map), and cannot be used for iteration", R"(
A loop visits the entries of a map, and this map is a single value.

    begin { @n = 1; for ($kv : @n) { print($kv); } }

    begin { @n[1] = 2; for ($kv : @n) { print($kv); } }
)"},
    {"E0722", Error, "13.3", "Loop expression does not support type: {}", R"(
The loop's variable would hold key and value of an entry, and a value of this type
cannot be copied out of the map.

    begin { @h[1] = hist(5); for ($kv : @h) { print($kv.0); } }

Counts and sums can be read in a loop.

    begin { @c[1] = count(); for ($kv : @c) { print($kv.1); } }
)"},
    {"E0723", Error, "13.3", "Loop range requires an integer for the {} value", R"(
The ends of a range are integers.

    begin { for ($i : 0.."5") { print($i); } }

    begin { for ($i : 0..5) { print($i); } }
)"},
    {"E0724", Error, "13.3", "'{}' builtin is not allowed in a for-loop", R"(
The body of a loop becomes a function of its own, which the kernel calls without
the event's context. Values that are read from there cannot be reached.

    tracepoint:syscalls:sys_enter_openat {
      for ($i : 0..3) { print(args.flags); }
    }

Copy what you need before the loop.

    tracepoint:syscalls:sys_enter_openat {
      $flags = args.flags;
      for ($i : 0..3) { print($flags); }
    }
)"},
    {"E0725", Error, "13.3", "'return' statement is not allowed in a for-loop", R"(
`exit()` ends the run and returns from the probe at once. From inside a loop's
body, a function of its own, it could not do the second.

    begin { for ($i : 0..3) { exit(); } }

Leave the loop first.

    begin { let $stop = 0; for ($i : 0..3) { $stop = 1; break; } if ($stop) { exit(); } }
)"},
    {"E0726", Error, "13.3", "Return value used in loop is inconsistent", R"(
A `return` in a loop leaves the whole probe. In one loop either all of them give a
value or none does.

    begin { for ($i : 0..3) { if ($i == 1) { return; } return 1; } }

    begin { for ($i : 0..3) { if ($i == 1) { return 0; } return 1; } }
)"},
    {"W0727", Warning, "13.3",
     "Due to it's asynchronous nature using 'print()' in a loop can lead to unexpected "
     "behavior{}",
     R"(
`print(@map)` asks for the map to be printed later, outside of the kernel. By then
the loop has gone on, and every line shows the map's last state.

    begin { for ($i : 0..3) { @n = $i; print(@n); } }

Print the value of the moment instead.

    begin { for ($i : 0..3) { print($i); } }
)"},
    {"E0731", Error, "13.4", "'{}' statement is not allowed in a probe", R"(
`break` and `continue` go to the end or to the next round of a `for` or `while`,
and there is none around. An `unroll` does not count, for it leaves no loop in
the code.

    begin { if (pid > 1) { break; } }

`return` leaves the probe.

    begin { if (pid > 1) { return; } }
)"},
    {"E0732", Error, "13.4", "'{}' statement is not allowed in a function", R"(
`break` and `continue` go to the end or to the next round of a loop, and there is
none around. To leave the function use `return`.

    fn twice($x: int64): int64 { break; return $x * 2; }
    begin { print(1); }

    fn twice($x: int64): int64 { return $x * 2; }
    begin { print(1); }
)"},
    {"E0733", Error, "13.4", "Probe return values can only be integers. Found {}", R"(
What a probe returns goes to the kernel, which expects a number.

    begin { return "done"; }

    begin { return 0; }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_control_flow() { return kRows; }

}  // namespace gimlet::ast
