// E13: user programs: markers, source lines, C++ names, debug information.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E1301", Error, "20.2", "No matches for usdt {}.", R"(
The file has no marker of this provider and name. Not every build of a program
contains the markers that its documentation speaks of.

    usdt:libstdc++:libstdcxx:trow { @ = count(); }

    usdt:libstdc++:libstdcxx:throw { @ = count(); }

`gimlet -l 'usdt:/bin/app:*'` lists the markers of a file.
)"},
    {"E1302", Error, "20.2", "usdt probe must have a target function or wildcard", R"(
The file is named, but not the marker in it.

    usdt:libstdc++: { @ = count(); }

    usdt:libstdc++:* { @[probe] = count(); }
)"},
    {"E1303", Error, "20.2",
     "usdt probe must specify at least path or pid to probe. To target all paths/pids set the path "
     "to '*'.",
     R"(
Markers are looked for in a file. It can only be left out together with `-p`, for
all files that the process uses.

    usdt::libstdcxx:throw { @ = count(); }

    usdt:libstdc++:libstdcxx:throw { @ = count(); }
)"},
    {"E1304", Error, "20.2", "usdt target file '{}' does not exist or is not executable", R"(
The file whose markers are wanted is looked up as given, then in the folders of
`PATH` and of shared libraries. It was not found there, or is not a program or
library.

    usdt:/bin/bsh:a:b { @ = count(); }

    usdt:libstdc++:libstdcxx:throw { @ = count(); }
)"},
    {"W1305", Warning, "20.2", "attaching to usdt target file '{}' but matched {} binaries", R"(
Several files of this name were found, and only the first one is traced. Give the
full path.

    $ gimlet -e 'usdt:app:started { @ = count(); }'

    $ gimlet -e 'usdt:/usr/local/bin/app:started { @ = count(); }'
)"},
    {"E1306", Error, "20.2",
     "arg{} of {} cannot be read: it is not in memory or a general register",
     R"(
The compiler left this argument of the marker in a place that programs in the
kernel cannot read, such as a floating-point register. The other arguments are not
affected.

    $ gimlet -e 'usdt:./app:measured { print(arg2); }'

    $ gimlet -e 'usdt:./app:measured { print(arg0); }'
)"},
    {"E1307", Error, "20.2", "Failed to attach usdt probe: {}", R"(
The marker exists, and the kernel refused to put a probe there. The rest of the
message says why; a file on a file system without executable mappings is one
reason.

    $ gimlet -e 'usdt:/mnt/noexec/app:started { @ = count(); }'

    $ gimlet -e 'usdt:/usr/bin/app:started { @ = count(); }'
)"},
    {"E1311", Error, "20.2", "Cannot read function parameters", R"(
`args` names the parameters of one function, as the program's debug information
lists them. A pattern stands for many functions, a probe inside a function for no
parameters, and some functions have none.

    uprobe:/bin/bash:read* { print(args.prompt); }

    uprobe:/bin/bash:read* { print(arg0); }
)"},
    {"E1312", Error, "20.2", "Could not parse arguments of \"{}\": {}", R"(
The names and types of a function's parameters stand in the program's debug
information. Neither the file itself nor a separate debug file has it.

    uprobe:/bin/bash:readline { print(args.prompt); }

Use the arguments by their number, or install the package with the debug
information (its name usually ends in `-dbgsym`).

    uprobe:/bin/bash:readline { print(str(arg0)); }
)"},
    {"W1314", Warning, "20.2", "Unable to find split debug file {}", R"(
The program was compiled with `-gsplit-dwarf`: most of its debug information is in
a file of its own, which is not where the program says.

    $ gimlet -e 'uprobe:./app:work { print(args.count); }'

    $ gimlet -e 'uprobe:./app:work { print(arg0); }'
)"},
    {"E1315", Error, "20.2",
     "Could not add uprobe into middle of instruction: {}:{}. Use --unsafe to force attachment. "
     "WARNING: This option could lead to data corruption in the target process.",
     R"(
A probe is a breakpoint, which replaces an instruction. Inside of one it would make
a different instruction of it, and the traced program would fail.

    $ gimlet -e 'uprobe:./app:work+2 { @ = count(); }'

`objdump -d` shows where instructions start.

    $ gimlet -e 'uprobe:./app:work+4 { @ = count(); }'
)"},
    {"E1316", Error, "20.2",
     "Could not determine boundary for {} (symbol has size 0). Use --unsafe to force attachment. "
     "WARNING: This option could lead to data corruption in the target process.",
     R"(
The symbol table does not say where this function ends; often it is a label in
hand-written assembly and no function at all.

    $ gimlet -e 'uprobe:./app:label { @ = count(); }'

If it is one, run gimlet with `--unsafe`.

    $ gimlet --unsafe -e 'uprobe:./app:label { @ = count(); }'
)"},
    {"W1361", Warning, "20.2", "Could not determine boundary for {} (symbol has size 0).", R"(
The symbol table does not say where this function ends. `--unsafe` lets the probe be
placed there all the same.

    $ gimlet --unsafe -e 'uprobe:./app:label { @ = count(); }'

Trace a function that was compiled, and the warning goes.

    $ gimlet -e 'uprobe:./app:work { @ = count(); }'
)"},
    {"W1362", Warning, "20.2", "Unsafe uprobe in the middle of the instruction: {}:{}", R"(
`--unsafe` lets the probe be placed inside of an instruction, of which it makes a
different one. The traced program will most likely fail.

    $ gimlet --unsafe -e 'uprobe:./app:work+2 { @ = count(); }'

`objdump -d` shows where instructions start.

    $ gimlet -e 'uprobe:./app:work+4 { @ = count(); }'
)"},
    {"W1363", Warning, "20.2", "Unchecked uprobe: {}:{}", R"(
Nothing tells whether an instruction begins at this place inside of a function;
`--unsafe` lets the probe be placed there all the same.

    $ gimlet --unsafe -e 'uprobe:./app:hand_written+3 { print(1); }'

The start of a function is always right.

    $ gimlet -e 'uprobe:./app:hand_written { print(1); }'
)"},
    {"E1317", Error, "20.2",
     "Invalid uprobe arguments, expected format: uprobe:TARGET@FILE:LINE[:COL]", R"(
A place in the source is a file, a line and, if wanted, a column.

    uprobe:/bin/bash@readline.c { @ = count(); }

    $ gimlet -e 'uprobe:/bin/bash@readline.c:350 { @ = count(); }'
)"},
    {"E1318", Error, "20.2", "Source code location not allowed", R"(
A function returns from wherever it likes: only its name tells which return is
meant.

    uretprobe:/bin/bash@readline.c:350 { @ = count(); }

    uretprobe:/bin/bash:readline { @ = count(); }
)"},
    {"E1319", Error, "20.2", "DWARF error: No compilation unit matches {}", R"(
The program was not made from a source file of this name, or that file was compiled
without `-g`. Whole folders may stand before the name, as the compiler saw them.
Lines of included files cannot be named.

    $ gimlet -e 'uprobe:./app@uti.c:10 { @ = count(); }'

    $ gimlet -e 'uprobe:./app@util.c:10 { @ = count(); }'
)"},
    {"E1320", Error, "20.2", "DWARF error: Ambiguous source path, matches multiple files: {}", R"(
Several source files of the program have this name. Write more of the folders
before it.

    $ gimlet -e 'uprobe:./app@util.c:10 { @ = count(); }'

    $ gimlet -e 'uprobe:./app@net/util.c:10 { @ = count(); }'
)"},
    {"E1321", Error, "20.2", "DWARF error: Unable to map '{}' to address", R"(
No statement begins on this line (and column), or the compiler has left it out.

    $ gimlet -e 'uprobe:./app@util.c:1 { @ = count(); }'

    $ gimlet -e 'uprobe:./app@util.c:10 { @ = count(); }'
)"},
    {"E1322", Error, "20.2",
     "No DWARF debug info found for '{}', cannot attach by source code location.", R"(
Which code belongs to which line stands in the program's debug information. Neither
the file itself nor a separate debug file has it.

    uprobe:/bin/ls@ls.c:10 { @ = count(); }

    uprobe:/bin/bash:readline { @ = count(); }
)"},
    {"E1323", Error, "20.2", "unsupported language type: {}", R"(
Between file and function may stand the language whose names are meant; there is
only `cpp`.

    uprobe:/bin/bash:pascal:readline { @ = count(); }

    uprobe:/bin/bash:readline { @ = count(); }
)"},
    {"E1324", Error, "20.2", "Cannot use wildcards with absolute address", R"(
An address means a place in one file.

    uprobe:/bin/bas*:4096 { @ = count(); }

    uprobe:/bin/bas*:readline { @ = count(); }
)"},
    {"E1325", Error, "20.2", "Cannot use wildcards with a source code location", R"(
A source line means a place in one file.

    uprobe:/bin/bas*@readline.c:10 { @ = count(); }

    $ gimlet -e 'uprobe:/bin/bash@readline.c:10 { @ = count(); }'
)"},
    {"E1326", Error, "20.2", "Invalid line number: {}", R"(
Behind the source file stands the number of a line.

    uprobe:/bin/bash@readline.c:start { @ = count(); }

    $ gimlet -e 'uprobe:/bin/bash@readline.c:10 { @ = count(); }'
)"},
    {"E1327", Error, "20.2", "Invalid column number: {}", R"(
Behind the line stands the number of a column, from 1.

    uprobe:/bin/bash@readline.c:10:x { @ = count(); }

    $ gimlet -e 'uprobe:/bin/bash@readline.c:10:3 { @ = count(); }'
)"},
    {"E1328", Error, "20.2", "Could not find the return instructions of the Go function {}: {}", R"(
Programs in Go move their stacks, and find return addresses there that a return
probe would have replaced. So returns of a function in Go are traced at its return
instructions. This function has none, because it never returns or leaves that to another
one, or it has code that is not understood.

    $ gimlet -e 'uretprobe:./app:main.forever { @ = count(); }'

Its entry can be traced.

    $ gimlet -e 'uprobe:./app:main.forever { @ = count(); }'
)"},
    {"W1329", Warning, "20.2", "{} is not the argument of a Go function: {}", R"(
`arg0`, `arg1`, ... are the registers in which C passes arguments. Go passes them in
others.

    $ gimlet -e 'uprobe:./app:main.work { print(arg0); }'

Name the argument, if the program has debug information, or the register. On x86_64
they are ax, bx, cx, di, si, r8, r9, r10, r11; a string takes two of them, a slice three.

    $ gimlet -e 'uprobe:./app:main.work { print(args.i); }'
)"},
    {"W1330", Warning, "20.2",
     "{} is an indirect function: this traces how its implementation is chosen, not how it is "
     "called",
     R"(
A program that starts calls an indirect function to learn which of several
implementations suits the processor. Later it calls that one. What is chosen is known
only for libraries that are used here, too, such as libc.

    $ gimlet -e 'uprobe:./libmath.so:multiply { @ = count(); }'

Trace the implementations. `gimlet -l` shows their names.

    $ gimlet -e 'uprobe:./libmath.so:multiply_avx2 { @ = count(); }'
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_user() { return kRows; }

}  // namespace gimlet::ast
