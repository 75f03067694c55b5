// R: what can go wrong while a program runs. The numbers are those of the area that the construct
// belongs to.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"R0481", Runtime, "6.3",
     "Divide or modulo by 0 detected. This can lead to unexpected results. 1 is being used as the "
     "result.",
     R"(
The divisor was zero when the probe fired. The kernel does not stop for that; the
program goes on with 1.

    begin { $n = (uint64)0; print(100 / $n); }

Ask before dividing.

    begin { $n = (uint64)0; if ($n > 0) { print(100 / $n); } }
)"},
    {"R0482", Runtime, "7.1", "Array access out of bounds. This can lead to unexpected results.",
     R"(
The index was not smaller than the number of elements when the probe fired. The
result has no meaning.

    begin { $a = (uint8[4])(uint32)1; $i = (uint64)9; print($a[$i]); }

Ask before reading.

    begin { $a = (uint8[4])(uint32)1; $i = (uint64)9; if ($i < 4) { print($a[$i]); } }
)"},
    {"R0483", Runtime, "7.2", "Bad address", R"(
Memory could not be read: the address is not mapped, was swapped out, or belongs
to the other space, kernel or process. The value is 0 or empty. Shown with `-k`
only, because such reads are common and mostly harmless.

    begin { print(*kptr((int32 *)1)); }

Pointers of programs read in a probe of the kernel need `uptr(...)`. An address
that may be 0 is tested first:

    begin { $p = kptr((int32 *)0); if ($p) { print(*$p); } }
)"},
    {"R0681", Runtime, "11.2",
     "Map full; can't update element. Try increasing max_map_keys config or manually setting the "
     "max entries in a map declaration{}",
     R"(
The map holds as many keys as it can, and the new entry was lost. Updates of
entries that exist still work.

    let @n = hash(1);
    begin { @n[1] = 1; @n[2] = 2; }

Make the map larger, let it drop old entries (`lruhash`), or delete entries that
are done with.

    let @n = lruhash(1000);
    begin { @n[1] = 1; @n[2] = 2; }
)"},
    {"R0682", Runtime, "11.2", "Can't lookup map element because it does not exist.", R"(
A key was read that is not in the map; the value is 0 or empty. Shown with `-k`
only.

    begin { @n[1] = 1; print(@n[2]); }

Ask first whether the key is there.

    begin { @n[1] = 1; if (has_key(@n, 2)) { print(@n[2]); } }
)"},
    {"R0781", Runtime, "13.3", "Argument list too long", R"(
The range has more than 8388608 numbers, which is the most that the kernel counts
through in one loop. The loop was skipped.

    begin { $n = (uint64)10000000; for ($i : 0..$n) { @n++; } }

Use two loops inside each other.

    begin { for ($i : 0..1000) { for ($k : 0..1000) { @n++; } } }
)"},
    {"R0981", Runtime, "20.2", "Error reading kstack.", R"(
The kernel could not collect the stack: it was too busy with other stacks, or the
event has none.

    profile:hz:99 { @[kstack] = count(); }

Occasional failures are no reason to worry. Fewer frames or fewer samples help.

    profile:hz:10 { @[kstack(20)] = count(); }
)"},
    {"R0982", Runtime, "20.2", "Error reading ustack.", R"(
The stack of the user program could not be collected. The event may have come from
a kernel thread, which has none, or the stack was not in memory.

    profile:hz:99 { @[ustack] = count(); }

Leave out kernel threads:

    profile:hz:99 /usermode/ { @[ustack] = count(); }
)"},
    {"R0987", Runtime, "20.2",
     "No DWARF unwind data available for this process. Use -p or --dwarf-pid to specify target "
     "PIDs.", R"(
`dw_ustack` was asked for in a process whose tables were not read when tracing
started. The stack is empty.

    $ gimlet -e 'profile:hz:99 { @[dw_ustack] = count(); }' -p 4242

Ask only where there is an answer, or name all processes:

    $ gimlet -e 'profile:hz:99 /pid == 4242/ { @[dw_ustack] = count(); }' -p 4242
)"},
    {"R0983", Runtime, "20.2", "No child command (`-c`); cpid is zero", R"(
`cpid` is the process that gimlet starts itself, and it was not asked to start
one.

    $ gimlet -e 'interval:s:1 { print(cpid); }'

    $ gimlet -e 'interval:s:1 { print(cpid); }' -c 'sleep 5'
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_runtime() { return kRows; }

}  // namespace gimlet::ast
