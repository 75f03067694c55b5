// E06, first part: maps, their keys and values.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0601", Error, "11.1", "Undefined map: {}", R"(
Nothing is ever stored in this map, so it has neither a value nor a key type.
Perhaps its name is spelled differently where values are stored.

    begin { print(@cuont); }

    begin { @count = 1; print(@count); }
)"},
    {"E0602", Error, "11.1",
     "{} used as a map with an explicit key (non-scalar map), previously used without an explicit "
     "key (scalar map)",
     R"(
A map either holds one value (`@m`) or one value for each key (`@m[k]`). The first
use in the program decided for one value.

    begin { @n = 1; @n[pid] = 2; }

Use two maps.

    begin { @n = 1; @by_pid[pid] = 2; }
)"},
    {"E0603", Error, "11.1",
     "{} used as a map without an explicit key (scalar map), previously used with an explicit key "
     "(non-scalar map)",
     R"(
A map either holds one value (`@m`) or one value for each key (`@m[k]`). The first
use in the program decided for keys. Only functions such as `print`, `clear` and
`len` take a keyed map as a whole.

    begin { @n[pid] = 2; @n = 1; }

    begin { @n[pid] = 2; @total = 1; }
)"},
    {"E0604", Error, "11.1",
     "Type mismatch for {}: trying to assign value of type '{}' when map already has a type '{}'",
     R"(
All values of a map need one common type, in all probes together. Integers of
different widths have one, strings of different lengths too; an integer and a
string do not. A map of `count()` takes nothing but `count()`.

    begin { @x = 1; @x = "one"; }

    begin { @x = 1; @name = "one"; }
)"},
    {"E0605", Error, "11.1",
     "Type mismatch for {}: it holds values of type '{}' already and would need '{}'", R"(
An earlier program of this session made the map, with values of another type. It
still exists, and its layout cannot change while programs use it.

    begin { @x = "one"; }           // after a program with @x = 1

Use another name, or cast to the type that the map has.

    begin { @name = "one"; }
)"},
    {"E0606", Error, "11.1",
     "Argument mismatch for {}: trying to access with arguments: '{}' when map expects arguments: "
     "'{}'",
     R"(
All keys of a map need one common type. With several parts a key is a tuple, and
it is always given as a whole: there is no access by its first part only.

    begin { @n[pid, comm] = 1; print(@n[pid]); }

    begin { @n[pid, comm] = 1; print(@n[pid, comm]); }
)"},
    {"E0607", Error, "11.1", "context cannot be part of a map key", R"(
`ctx` is the address of the event's own record, which is only valid while the
probe runs, and which the kernel does not let out of it.

    interval:s:1 { @n[ctx] = 1; }

Use what tells the events apart.

    interval:s:1 { @n[cpu] = 1; }
)"},
    {"E0608", Error, "11.1", "{} cannot be part of a map key", R"(
A key is copied into the map and compared byte by byte. Aggregations such as
histograms are spread over the CPUs and are no bytes that could be copied; `void`
is no value at all.

    begin { @h = hist(5); @n[1, @h] = 1; }

    begin { @c = count(); @n[1, @c] = 1; }
)"},
    {"E0609", Error, "11.1", "Value '{}' cannot be used as a map key.", R"(
A key is copied into the map and compared byte by byte. This value cannot be
copied: it is spread over the CPUs, or it is no value at all.

    begin { @h = hist(5); @n[@h] = 1; }

    begin { @c = count(); @n[@c] = 1; }
)"},
    {"E0610", Error, "11.1", "Invalid map key type: {}", R"(
A value of this type has no bytes, so that all keys would be the same one.

    begin { @n[()] = 1; }

    begin { @n[(1,)] = 1; }
)"},
    {"E0611", Error, "20.2", "Value '{}' cannot be assigned to a map.", R"(
The right side is a call that does something and has no result.

    begin { @x = print(1); }

    begin { @x = 1; print(@x); }
)"},
    {"E0621", Error, "11.2",
     "call to delete() with a single argument expects a map without explicit keys (scalar map)", R"(
`delete(@m)` removes the value of a map that holds only one. For a map with keys
say which entry is to go, or remove all of them with `clear`.

    begin { @n[1] = 2; delete(@n); }

    begin { @n[1] = 2; delete(@n, 1); }
)"},
    {"E0622", Error, "11.2", "call to {}() expects a map with explicit keys (non-scalar map)", R"(
The function works with the entries of a map, and this map holds a single value
without a key.

    begin { @n = 1; print(has_key(@n, 1)); }

    begin { @n[1] = 1; print(has_key(@n, 1)); }
)"},
    {"E0623", Error, "11.2", "{}() expects a map argument", R"(
The function works on a map as a whole: its name, without a key and without an
operator.

    begin { @n[1] = 2; clear(@n[1]); }

    begin { @n[1] = 2; clear(@n); }

To remove a single entry, call `delete(@n, 1)`.
)"},
    {"E0625", Error, "11.2", "find() expects a variable that was declared before", R"(
`find` puts the value it finds into a variable, and leaves the variable as it was
if there is none. So the variable has to exist before.

    begin { @n[1] = 2; if (find(@n, 1, $v)) { print($v); } }

    begin { @n[1] = 2; let $v; if (find(@n, 1, $v)) { print($v); } }
)"},
    {"E0626", Error, "11.2", "len() expects a map or stack to be provided ({} provided)", R"(
`len` counts the entries of a map with keys, or the frames of a stack.

    begin { print(len("abc")); }

For the length of a string there is another function.

    begin { print(strlen("abc")); }
)"},
    {"E0627", Error, "11.1",
     "Type mismatch for {}: it has keys of type '{}' already and would need '{}'", R"(
An earlier program of this session made the map, with keys of another type. It
still exists, and its layout cannot change while programs use it.

    begin { @n["longer"] = 1; }     // after a program with @n["one"] = 1

Use another name, or cast to the type that the map has.

    begin { @lengths["longer"] = 1; }
)"},
    {"E0631", Error, "20.2",
     "Map type {} cannot print the value of individual keys. You must print the whole map.", R"(
The buckets of a histogram are kept outside of the map's entries, so one entry
cannot be sent by itself.

    begin { @h[1] = hist(5); print(@h[1]); }

    begin { @h[1] = hist(5); print(@h); }
)"},
    {"W0632", Warning, "20.2",
     "print()'s top and div arguments are ignored when used on stats() maps.", R"(
An entry made by `stats` has three numbers; there is no single one to sort or to
divide by.

    begin { @s[1] = stats(5); print(@s, 3); }

    begin { @s[1] = stats(5); print(@s); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_maps() { return kRows; }

}  // namespace gimlet::ast
