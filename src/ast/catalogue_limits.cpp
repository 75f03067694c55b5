// E12: what does not fit, and what is not there yet.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E1211", Error, "20.1", "internal error: {}", R"(
gimlet has contradicted itself. That is a mistake in gimlet and not in the
program, even if a change of the program may avoid it.

    $ gimlet script.bt

Please report it together with the program and with what this prints:

    $ gimlet -d ast -d types script.bt
)"},
    {"E1224", Error, "20.1", "{} is not supported yet: {}", R"(
The language has this, and gimlet does not have it yet. The end of the message
says what can be used in its place.

    tracepoint:sched:sched_switch { $a = args; }

    tracepoint:sched:sched_switch { $a = args.next_pid; print($a); }
)"},
    {"E1225", Error, "20.1", "a copied array of unknown length cannot be indexed", R"(
The array ends a struct and has as many elements as there happen to be. A copy of
the struct does not contain them.

    struct list { int n; int items[]; };
    begin { @a = *kptr((struct list *)4096); print(@a.items[0]); }

Read them through the pointer.

    struct list { int n; int items[]; };
    begin { $p = kptr((struct list *)4096); print($p.items[0]); }
)"},
    {"E1226", Error, "20.1", "Your program has more than {} calls of {}(), which exceeds the limit",
     R"(
Each call that sends something to be printed or done has a number of its own, and
there are 10000 for each kind of call. Programs of this size come out of generators.

    $ gimlet generated.bt

A call in a loop, or in a function, is one call, however often it is made.

    begin { for $i : 0..20000 { printf("%d\n", $i); } }
)"},
    {"E1227", Error, "20.1", "A value of more than {} levels cannot be shown", R"(
Tuples and records may lie inside each other, but what is printed, or kept in a
map, is only followed so far. Programs with such values come out of generators.

    $ gimlet generated.bt        # with forty tuples inside each other

Put the parts next to each other.

    begin { $t = (1, 2, 3, 4); print($t); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_limits() { return kRows; }

}  // namespace gimlet::ast
