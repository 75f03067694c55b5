// E10, second part: functions in programs, and attaching.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E1051", Error, "20.2", "uprobe target file '{}' does not exist or is not executable", R"(
The file to trace is looked up as given, then in the folders of `PATH` and of
shared libraries. It was not found there, or may not be executed.

    uprobe:bsh:readline { print(1); }

    uprobe:bash:readline { print(1); }
)"},
    {"W1052", Warning, "20.2", "attaching to uprobe target file '{}' but matched {} binaries", R"(
Several files of this name were found, and only the first one is traced.

    uprobe:bash:readline { print(1); }

Give the full path.

    uprobe:/bin/bash:readline { print(1); }
)"},
    {"E1053", Error, "20.2", "Could not resolve symbol: {}:{}", R"(
The file has no function of this name in its symbol tables. It may have been
inlined by the compiler, or removed by `strip`; names of C++ functions are mangled.

    uprobe:/bin/bash:readlin { print(1); }

    uprobe:/bin/bash:readline { print(1); }

`gimlet -l 'uprobe:/bin/bash:*'` lists the functions that can be traced.
)"},
    {"E1054", Error, "20.2", "Could not resolve address: {}:{}", R"(
No function of the file covers this address. Addresses are those of the file's own
symbol tables, not those of a running process.

    uprobe:/bin/bash:0x1 { print(1); }

    uprobe:/bin/bash:readline { print(1); }
)"},
    {"W1031", Warning, "20.2",
     "uprobe target file '{}' does not exist or is not executable. Skipping.", R"(
With `missing_probes` set to `warn` the probe goes without this file.

    config = { missing_probes = warn }
    uprobe:bsh:readline, uprobe:bash:readline { print(1); }

    config = { missing_probes = warn }
    uprobe:bash:readline { print(1); }
)"},
    {"E1055", Error, "20.2", "{} should have a target", R"(
The probe needs a file whose functions it traces. It can only be left out together
with `-p`, for the program of that process.

    uprobe::readline { print(1); }

    uprobe:/bin/bash:readline { print(1); }
)"},
    {"E1056", Error, "20.2",
     "{} should be attached to a function, address, or source file and line (using DWARF)", R"(
The file is named, but not the place in it.

    uprobe:/bin/bash: { print(1); }

    uprobe:/bin/bash:readline { print(1); }
)"},
    {"E1057", Error, "20.2", "Cannot take more than one offset", R"(
A place inside a function is its name, `+`, and one number of bytes.

    uprobe:/bin/bash:readline+4+8 { print(1); }

    uprobe:/bin/bash:readline { print(1); }
)"},
    {"E1058", Error, "20.2", "Offset not allowed", R"(
A probe at the end of a function is attached by way of its start, so it has no
offset of its own.

    uretprobe:/bin/bash:readline+4 { print(1); }

    uretprobe:/bin/bash:readline { print(1); }
)"},
    {"E1059", Error, "20.2", "Invalid offset: {}", R"(
An offset is a plain number of bytes, decimal or hexadecimal.

    uprobe:/bin/bash:readline+start { print(1); }

    uprobe:/bin/bash:readline { print(1); }
)"},
    {"E1060", Error, "20.2", "Offset outside the function bounds ('{}' size is {})", R"(
The function is shorter than that; the place would lie in another one.

    uprobe:/bin/bash:readline+100000 { print(1); }

    uprobe:/bin/bash:readline { print(1); }
)"},
    {"E1061", Error, "20.2",
     "Failed to check if uprobe is in proper place: {}:{}. Use --unsafe to force attachment. "
     "WARNING: This option could lead to data corruption in the target process.",
     R"(
The place is inside of a function, and nothing tells whether an instruction begins
there. A probe in the middle of an instruction would destroy the traced program.

    $ gimlet -e 'uprobe:./app:hand_written+3 { print(1); }'

The start of a function is always right. If you have checked the place with a
disassembler, run gimlet with `--unsafe`.

    uprobe:/bin/bash:readline { print(1); }
)"},
    {"W1071", Warning, "20.2", "Attaching to dangerous function: {}", R"(
The function is one of those with which the kernel guards its own locks. Programs use
them as well, through maps and the ring buffer. A pattern that matches such a
function leaves it out. Where it is named, only one program of the script runs on a
CPU at a time; events that arrive meanwhile are skipped, and counted.

    fentry:_raw_spin_lock* { @n = count(); }

The kernel has tracepoints about waiting for locks.

    tracepoint:lock:contention_begin { @n = count(); }
)"},
    {"E1081", Error, "20.2",
     "Unable to attach probe: {}. If this is expected, set the 'missing_probes' config variable to "
     "'warn'.",
     R"(
The place is not in the file, no probe can be there, or the kernel refused to attach
the program to this event. The line before says why.

    $ gimlet -e 'hardware:cache-misses:1000 { @ = count(); }'
    ERROR: Unable to attach probe: hardware:cache-misses:1000. ...

If the script should run where the event is missing, say so:

    config = { missing_probes = warn }
    hardware:cache-misses:1000 { @ = count(); }
    begin { print(1); }
)"},
    {"W1082", Warning, "20.2", "Unable to attach probe: {}. Skipping.", R"(
The place is not in the file, no probe can be there, or the kernel refused to attach
the program to this event; and the setting `missing_probes` says to go on. The line
before says why. A reason that several probes share is given once.

    config = { missing_probes = warn }
    hardware:cache-misses:1000 { @ = count(); }

    config = { missing_probes = ignore }
    hardware:cache-misses:1000 { @ = count(); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_targets() { return kRows; }

}  // namespace gimlet::ast
