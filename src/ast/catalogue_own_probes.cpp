// E10, last part: probes that gimlet runs itself (self, test, bench) or reads (iter).
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E1331", Error, "2.6", "{} is not a supported trigger", R"(
A `self` probe is about what happens to gimlet itself, and there is one such thing:
that it receives a signal.

    self:timer:SIGUSR1 { print(1); }

    self:signal:SIGUSR1 { print(1); }

For work that is done again and again, there is `interval`.
)"},
    {"E1332", Error, "2.6", "{} is not a supported signal", R"(
The signals that end a run keep that meaning, so that a run can always be ended. A
program is free to use SIGUSR1.

    self:signal:SIGINT { print(@n); }

    self:signal:SIGUSR1 { print(@n); }
    interval:ms:10 { @n++; }

What is to be done at the end stands in `end { ... }`.
)"},
    {"E1333", Error, "2.6", "iter {} not available for your kernel version.", R"(
The kernel offers no walk over objects of this kind. `gimlet -l 'iter:*'` lists the
kinds that it has, `gimlet -lv 'iter:*'` also what `ctx` leads to.

    iter:tasks { printf("%s\n", ctx.task.comm); }

    iter:task { printf("%s\n", ctx.task.comm); }
)"},
    {"W1334", Warning, "2.6", "iter {} not available for your kernel version. Skipping.", R"(
The kernel offers no walk over objects of this kind, and the setting
`missing_probes` says to go on without the probe.

    config = { missing_probes = warn }
    iter:tasks { @n++; }
    begin { print(1); }

    iter:task { @n++; }
    begin { print(1); }
)"},
    {"E1335", Error, "2.6", "iter probe type does not support wildcards", R"(
Each kind of object has its own members in `ctx`, so a probe is for one kind.

    iter:task* { @n++; }

    iter:task { @n++; }
)"},
    {"E1336", Error, "2.6", "iter probe only supports one attach point.", R"(
Each kind of object has its own members in `ctx`, so a probe is for one kind.

    iter:task, iter:task_vma { @n++; }

    iter:task_vma { @n++; }
)"},
    {"E1337", Error, "2.6", "iter probe cannot be combined with other probes", R"(
The run of a program with an iterator is one walk over its objects; other probes
would never get to fire. Only `begin` and `end` can stand beside it.

    iter:task { @tasks++; }
    iter:task_file { @files++; }

    begin { printf("%8s %s\n", "PID", "NAME"); }
    iter:task { printf("%8d %s\n", ctx.task.pid, ctx.task.comm); }
)"},
    {"E1338", Error, "2.6", "printf of an iter probe cannot show '{}' with {}", R"(
In a program of an iterator it is the kernel that carries out `printf`, and all that
it can show are numbers and strings.

    iter:task { printf("%s\n", (ctx.task.pid, ctx.task.comm)); }

    iter:task { printf("(%d, %s)\n", ctx.task.pid, ctx.task.comm); }

`print` shows values of any type, after the iterator's own output.

    iter:task { print((ctx.task.pid, ctx.task.comm)); }
)"},
    {"W1339", Warning, "2.6",
     "printf of an iter probe will print nothing: the kernel does not know {}", R"(
In a program of an iterator it is the kernel that carries out `printf`. It knows the
conversions d, i, u, x and X, also with `l` or `ll`, and c, s and p; of the flags `-`,
`+`, a blank and `0`, and a width. A format with anything else is refused as a whole.

    iter:task { printf("%#x\n", ctx.task.flags); }

    iter:task { printf("0x%x\n", ctx.task.flags); }
)"},
    {"E1340", Error, "2.6", "{} probe type requires 1 argument, found {}", R"(
Behind the kind of probe there is room for one part. A part that contains a `:`
itself is written in quotes.

    test:adds:twice { print(1); }

    test:adds_twice { print(1); }
)"},
    {"E1341", Error, "2.6", "{} probes must have a name", R"(
A test or benchmark is reported by its name, which stands behind the kind of probe.

    test { if (1 + 1 != 2) { errorf("wrong"); } }

    test:adds { if (1 + 1 != 2) { errorf("wrong"); } }

`gimlet --test FILE` runs the tests of a program, `gimlet --bench FILE` its
benchmarks.
)"},
    {"E1342", Error, "2.6", "\"{}\" was used as the name for more than one {} probe", R"(
Results are reported by name, so each test has a name of its own, and so has each
benchmark.

    test:adds { return (uint64)(1 + 1 != 2); }
    test:adds { return (uint64)(2 + 2 != 4); }

    test:adds { return (uint64)(1 + 1 != 2); }
    test:adds_more { return (uint64)(2 + 2 != 4); }
)"},
    {"E1343", Error, "2.6", "No probes attached; use --test to run test probes.", R"(
The program has nothing but tests, which run only when they are asked for.

    $ gimlet -e 'test:adds { assert(1 + 1 == 2, "two"); }'

Ask for them:

    $ gimlet --test -e 'test:adds { assert(1 + 1 == 2, "two"); }'
)"},
    {"E1344", Error, "2.6", "No probes attached; use --bench to run benchmark probes.", R"(
The program has nothing but benchmarks, which run only when they are asked for.

    $ gimlet -e 'bench:count { @ = count(); }'

Ask for them:

    $ gimlet --bench -e 'bench:count { @ = count(); }'
)"},
    {"E1345", Error, "2.6", "Benchmark '{}' failed.", R"(
A benchmark reported an error by `errorf`, or called `exit` with a status other than
0, so its time would mean nothing.

    $ gimlet --bench -e 'bench:count { errorf("nothing to count"); }'
    ERROR: Benchmark 'count' failed.

To leave a benchmark out where it cannot run, return a value other than 0.

    bench:count { if (ncpus < 2) { return 1; } @ = count(); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_own_probes() { return kRows; }

}  // namespace gimlet::ast
