// E09, first part: names, calls and their arguments.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0901", Error, "3.3", "Unknown identifier: '{}'", R"(
The name means nothing here. It was looked up as a macro's parameter, as a macro
or builtin, as a `#define`, and as a constant of an enum, in this order. Variables
begin with `$`, maps with `@`.

    begin { print(pidd); }

    begin { print(pid); }
)"},
    {"E0902", Error, "3.3", "Unknown function: '{}'", R"(
No macro, builtin function or imported function has this name. A `#define` with
parameters cannot be called, nor can an `fn` of the script.

    begin { prinf("hello\n"); }

    begin { printf("hello\n"); }

docs/reference.md lists all functions.
)"},
    {"E0903", Error, "20.2", "{}() requires no arguments ({} provided)", R"(
The function takes nothing. For an aggregation such as `count()` what is counted
is how often the statement runs.

    begin { @n = count(pid); }

To count by something, make it the map's key.

    begin { @n[pid] = count(); }
)"},
    {"E0904", Error, "20.2", "{}() requires one argument ({} provided)", R"(
The function takes exactly one argument. The hint shows how it is called.

    begin { @s = sum(); }

    begin { @s = sum(5); }
)"},
    {"E0905", Error, "20.2", "{}() requires {} arguments ({} provided)", R"(
The function takes a fixed number of arguments. The hint shows how it is called.

    begin { @n[1] = 2; print(has_key(@n)); }

    begin { @n[1] = 2; print(has_key(@n, 1)); }
)"},
    {"E0906", Error, "20.2", "{}() requires at least one argument ({} provided)", R"(
The function needs something to work with; what may follow the first argument is
up to you. The hint shows how it is called.

    begin { print(); }

    begin { print(1); }
)"},
    {"E0908", Error, "20.2", "{}() takes up to {} arguments ({} provided)", R"(
There are more arguments than the function has use for. The hint shows how it is
called.

    begin { print(str("abc", 2, 1)); }

    begin { print(str("abc", 2)); }
)"},
    {"E0907", Error, "20.2", "{}() requires at least {} arguments ({} provided)", R"(
Some arguments of the function can be left out, but not these. The hint shows how
it is called.

    config = { unstable_tseries = enable }
    begin { @t = tseries(5, 1s); }

    config = { unstable_tseries = enable }
    begin { @t = tseries(5, 1s, 10); }
)"},
    {"E0911", Error, "20.2", "{}() expects {} literal ({} provided)", R"(
This argument has to be known while compiling: it decides the layout of what the
program sends, or which program is made.

    begin { $format = "hello\n"; printf($format); }

    begin { printf("%s\n", "hello"); }

A parameter of the command line that looks like a number is one; `str($1)` makes
it a text.
)"},
    {"E0912", Error, "20.2", "{}() only supports {} arguments ({} provided)", R"(
The argument has a type that the function cannot work with. The message names the
types that it can.

    begin { @s = sum(comm); }

    begin { @s = sum(pid); }
)"},
    {"E0913", Error, "17.1", "Use str(${}) to treat ${} as a string", R"(
A parameter of the command line that looks like a number is a number. Where a text
is wanted, say so.

    $ gimlet -e 'begin { printf($1); }' 123

    $ gimlet -e 'begin { printf(str($1)); }' 123
)"},
    {"E0914", Error, "20.2", "none type passed to {} is not printable", R"(
The argument is a call or a block that does something and has no value.

    begin { print(clear(@n)); @n[1] = 2; }

    begin { clear(@n); print(1); @n[1] = 2; }
)"},
    {"E0915", Error, "20.2", "{} type passed to print() is not printable", R"(
Values of this type cannot be sent as a whole. Print one of its fields or
elements, or the map that holds it.

    tracepoint:sched:sched_switch { print(args); }

    tracepoint:sched:sched_switch { print(args.next_pid); }
)"},
    {"E0916", Error, "20.2", "Non-map print() only takes 1 argument, {} found", R"(
The second and third argument of `print` choose and scale the entries of a map. A
single value has no entries.

    begin { print(5, 3); }

    begin { @n[1] = 5; print(@n, 3); }
)"},
    {"E0921", Error, "20.2", "unsupported format specifier: {}", R"(
The format asks for a conversion that does not exist here. Integers are shown by
`%d`, `%u`, `%x` and their long forms, text by `%s`, single characters by `%c`,
buffers by `%r`. There are no floating-point numbers.

    begin { printf("%f\n", 5); }

    begin { printf("%d\n", 5); }
)"},
    {"E0922", Error, "20.2", "unsupported format specifier for type '{}': {}", R"(
The conversion in the format does not fit the argument in its place.

    begin { printf("%d\n", comm); }

`%s` is for text, and shows most other types in their usual form as well.

    begin { printf("%s\n", comm); }
)"},
    {"E0923", Error, "20.2", "unable to print none type for specifier: {}", R"(
The argument in this place does something and has no value that could be shown.

    begin { printf("%s\n", clear(@n)); @n[1] = 2; }

    begin { clear(@n); printf("%s\n", "cleared"); @n[1] = 2; }
)"},
    {"E0930", Error, "20.2", "An expression without a value is used as one", R"(
A block whose last statement ends with a `;`, an `if` without `else` and a function
such as `print()` have no value that could be computed with or passed on.

    begin { $x = 5; exit({ $x++; }); }

Leave out the last `;`, so that the block ends with an expression:

    begin { $x = 5; exit({ $x++; $x }); }
)"},
    {"E0924", Error, "20.2", "not enough arguments for format string ({} supplied, {} expected)",
     R"(
Every conversion in the format takes one argument, and there are fewer arguments
than conversions.

    begin { printf("%d %d\n", 1); }

    begin { printf("%d %d\n", 1, 2); }

A percent sign that is meant as itself is written twice: `%%`.
)"},
    {"E0925", Error, "20.2", "too many arguments for format string ({} supplied, {} expected)", R"(
Every conversion in the format takes one argument, and some arguments are left
over. They would not be shown anywhere.

    begin { printf("%d\n", 1, 2); }

    begin { printf("%d %d\n", 1, 2); }
)"},
    {"E0931", Error, "20.2", "{}() is an unsafe function being used in safe mode", R"(
The function can change the traced system: run commands, send signals, override
results, write memory. gimlet only looks on, unless it is told otherwise.

    $ gimlet -e 'begin { system("date"); }'

    $ gimlet --unsafe -e 'begin { system("date"); }'
)"},
    {"E0932", Error, "20.2", "{}() is unsafe. To use you need the --unsafe flag", R"(
The function can change the traced system. gimlet only looks on, unless it is told
otherwise.

    $ gimlet script.bt

    $ gimlet --unsafe script.bt
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_calls() { return kRows; }

}  // namespace gimlet::ast
