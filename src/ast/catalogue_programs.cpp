// E02: the order of a program's parts, imports, and declarations of maps.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0201", Error, "2.1", "C definitions must appear before probes and functions", R"(
A program has an order: first C definitions (`#include`, `#define`, structs,
unions, enums), then `config` and imports, then probes and macros. C text found
after that would be read too late to be of use above it.

    begin { print(1); }
    struct pair { int a; int b; };

    struct pair { int a; int b; };
    begin { print(sizeof(struct pair)); }
)"},
    {"E0202", Error, "2.1", "config must appear before probes and functions", R"(
Settings hold for the whole program, so they are read before its first probe,
macro, function or declaration of a map.

    begin { print(1); }
    config = { max_map_keys = 512 }

    config = { max_map_keys = 512 }
    begin { print(1); }
)"},
    {"E0203", Error, "2.1", "root imports must appear before probes and functions", R"(
What a program imports is known to all of it. To make that visible, imports stand
before the first probe, macro, function or declaration of a map.

    begin { print(1); }
    import "stdlib";

    import "stdlib";
    begin { print(1); }
)"},
    {"E0204", Error, "2.1", "duplicate config block", R"(
There is one block of settings. With two of them it would depend on their order
which value of a setting holds.

    config = { max_map_keys = 512 }
    config = { max_strlen = 100 }
    begin { print(1); }

    config = { max_map_keys = 512; max_strlen = 100 }
    begin { print(1); }
)"},
    {"E0205", Error, "2.1", "root-level let statements need to be map declarations", R"(
Outside of probes `let` declares maps. A variable lives only while a probe fires,
so it can be declared only inside one.

    let $limit = 10;
    begin { print($limit); }

Use a map for what is shared between probes.

    begin { @limit = 10; }
    interval:s:1 { print(@limit); }
)"},
    {"E0211", Error, "2.4", "expected string after 'import'", R"(
The path of an import is a string, in quotes.

    import stdlib;
    begin { print(1); }

    import "stdlib";
    begin { print(1); }
)"},
    {"E0212", Error, "2.4", "expected ';' after import", R"(
Unlike most parts of a program, an import always ends with a `;`.

    import "stdlib"
    begin { print(1); }

    import "stdlib";
    begin { print(1); }
)"},
    {"E0213", Error, "2.4", "unknown import type: {}", R"(
What an import does follows from the end of its path: scripts end in `.bt`, C
sources in `.bpf.c`, objects in `.bpf.o`, headers for those sources in `.h`; a
folder stands for all such files in it. A file with another ending is none of
these, and guessing from its content would be unreliable.

    import "tools/helper.txt";

Rename the file to what it is.

    import "tools/helper.bt";
)"},
    {"E0214", Error, "2.4", "Unable to find suitable path for import", R"(
No file or folder of that name exists where imports are looked for: beside the
importing script (for a program given with `-e`: in the current folder), then in
the further search paths. The hint lists every path that was tried.

    import "no/such/file.bt";
    begin { print(1); }

Give the path relative to the script that imports. The library needs no file:

    import "stdlib";
    begin { print(1); }
)"},
    {"E0215", Error, "2.4", "invalid `config` within import", R"(
An imported script may not change settings, for they hold for the whole program
and its author could not see where a value comes from.

    // in library.bt
    config = { max_map_keys = 100000 }
    macro square(x) { x * x }

Leave the settings to the program that is run, and only say in a comment which
ones the library would like to see.

    // in library.bt; wants max_map_keys of at least 100000
    macro square(x) { x * x }
)"},
    {"E0216", Error, "2.4",
     "{}: cowardly refusing to import from a directory with global write permissions", R"(
Everyone on the system may put files into this folder, and whatever they put there
would run with your rights, usually those of root.

    $ ls -ld tools
    drwxrwxrwx 2 root root 4096 tools

Take the right to write away from others:

    $ chmod o-w tools
)"},
    {"E0217", Error, "2.4", "Import statements that are not at the top level are not allowed", R"(
An `import` inside a block is reserved for the library that comes with gimlet.

    begin { import "stdlib"; print(1); }

Imports belong in front of the probes.

    import "stdlib";
    begin { print(1); }
)"},
    {"E0219", Error, "20.2", "failed to build", R"(
The C compiler refused an imported `.bpf.c` file. Its own words follow as a hint;
their places are lines of the C file.

    import "filter.bpf.c";

Make the file compile by itself first, then import it:

    $ clang --target=bpf -g -O2 -c filter.bpf.c -o filter.bpf.o
)"},
    {"W0220", Warning, "2.4", "{}: skipping due to global write permissions", R"(
The file, or the folder it is in, can be written by everyone on the system. Code
from there would run with your rights, so the file is left out.

    $ ls -l helper.bt
    -rw-rw-rw- 1 root root 120 helper.bt

Take the right to write away from others:

    $ chmod o-w helper.bt
)"},
    {"W0222", Warning, "2.4", "the built-in library has no file '{}'", R"(
All of the built-in library can be used without an import, so that importing it has
no effect. A name that it does not know is probably meant to be something else.

    import "stdlib/types.txt";
    begin { print(1); }

    import "stdlib";
    begin { print(1); }
)"},
    {"W0221", Warning, "20.2", "found external warnings", R"(
The C compiler warned about an imported `.bpf.c` file and compiled it. Its words
follow as a hint.

    import "filter.bpf.c";

See all of them, and mend what they say:

    $ clang --target=bpf -g -O2 -Wall -c filter.bpf.c -o filter.bpf.o
)"},
    {"E0231", Error, "2.5", "Invalid bpf map type: {}", R"(
A declaration of a map names how the kernel stores it: `hash`, `lruhash` (which
drops the entries used longest ago when it is full), `percpuhash` and
`percpulruhash` (the same two for aggregations).

    let @seen = tree(100);
    begin { @seen[1] = 1; }

    let @seen = lruhash(100);
    begin { @seen[1] = 1; }
)"},
    {"E0232", Error, "2.5", "expected positive integer for map declaration max entries", R"(
The number in parentheses says how many entries the map can hold. It is a literal,
at least 1.

    let @seen = hash(0);
    begin { @seen[1] = 1; }

    let @seen = hash(100);
    begin { @seen[1] = 1; }
)"},
    {"E0236", Error, "2.5", "{} is too large: a map has at most {} entries", R"(
The kernel counts the entries of a map in 32 bits, and most machines have no
memory for so many.

    let @a = hash(1000000000000);
    begin { @a[1] = 1; }

    let @a = hash(1000000);
    begin { @a[1] = 1; }
)"},
    {"E0233", Error, "2.5",
     "Incompatible map types. Type from declaration: {}. Type from value/key type: {}", R"(
The declared store does not fit the values. Aggregations such as `count()` keep
one slot for each CPU and need `percpuhash` or `percpulruhash`; plain values are
shared by all CPUs and need `hash` or `lruhash`.

    let @calls = hash(100);
    begin { @calls[pid] = count(); }

    let @calls = percpuhash(100);
    begin { @calls[pid] = count(); }
)"},
    {"E0234", Error, "2.5", "Redeclaration of existing map: {}", R"(
A map is declared once. The place of the first declaration is shown below the
message; it may be in an imported script.

    let @seen = hash(100);
    let @seen = lruhash(50);
    begin { @seen[1] = 1; }

    let @seen = lruhash(50);
    begin { @seen[1] = 1; }
)"},
    {"W0235", Warning, "2.5", "Unused map: {}", R"(
The map is declared, and nothing uses it. Perhaps its name is spelled differently
elsewhere.

    let @sen = hash(100);
    begin { @seen[1] = 1; }

    let @seen = hash(100);
    begin { @seen[1] = 1; }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_programs() { return kRows; }

}  // namespace gimlet::ast
