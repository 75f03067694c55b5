// E05: scratch variables.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0501", Error, "10", "Undefined or undeclared variable: {}", R"(
Nothing assigns to a variable of this name where it could be seen. A variable
lives in the block that it is first assigned in, and in blocks inside that one; it
is gone after the block's `}` and unknown in other probes.

    begin { if (pid > 1) { $big = 1; } print($big); }

Declare it in the block around:

    begin { let $big = 0; if (pid > 1) { $big = 1; } print($big); }

What one probe leaves for another goes into a map.
)"},
    {"E0502", Error, "10", "Variable {} was already declared. Variable shadowing is not allowed.",
     R"(
A variable of this name is visible already; the place is shown below the message.
A second one would hide it, and readers could easily take the one for the other.

    begin { $x = 1; if (pid > 1) { let $x = 2; print($x); } }

Assign without `let`, or choose another name.

    begin { $x = 1; if (pid > 1) { let $y = 2; print($y); } print($x); }
)"},
    {"E0503", Error, "10", "Loop declaration shadows existing variable: {}", R"(
A loop makes its own variable, and one of that name is visible already.

    begin { $i = 7; for ($i : 0..3) { print($i); } }

    begin { $i = 7; for ($n : 0..3) { print($n + $i); } }
)"},
    {"E0504", Error, "10",
     "Type mismatch for {}: trying to assign value of type '{}' when variable already has a type "
     "'{}'",
     R"(
All values of a variable need one common type. Integers of different widths have
one, strings of different lengths too; an integer and a string do not, nor do
`bool` and integers. If the variable was declared with a type, a literal has to
fit into it.

    begin { $x = 1; $x = "one"; }

    begin { $x = 1; $name = "one"; print(($x, $name)); }
)"},
    {"E0505", Error, "10", "Value '{}' cannot be assigned to a scratch variable.", R"(
Histograms and statistics are kept per CPU in a map and cannot be copied; `void`
is no value at all.

    begin { @h = hist(5); $h = @h; }

Print the map, or keep a number.

    begin { @n = count(); $n = @n; print($n); }
)"},
    {"E0506", Error, "20.2", "Could not resolve the type of this variable", R"(
The variable is declared and read, but nothing gives it a type: no assignment and
no `: TYPE`.

    begin { let $x; print($x); }

    begin { let $x: uint64 = 1; print($x); }
)"},
    {"E0507", Error, "20.2", "No type available for variable {}", R"(
The address of a variable is taken, and nothing tells how large the variable is.

    begin { let $v; print(&$v); }

    begin { let $v: uint64; print(&$v); }
)"},
    {"E0508", Error, "20.2", "Invalid expression for assignment", R"(
The right side has no value: it is a block or an `if` whose branches end without
an expression.

    begin { $x = { print(1); }; }

The value of a block is its last expression, written without `;`.

    begin { $x = { print(1); 2 }; print($x); }
)"},
    {"E0509", Error, "14.4", "this type has been locked", R"(
A compile-time condition has already asked for the type of this variable or map
and was decided by the answer. A value that would change the type now would make
that decision wrong.

    begin { @a = 1; if comptime (sizeof(@a) == 1) { @a = 1000; } }

Make the type wide enough from the start.

    begin { @a = (int64)1; if comptime (sizeof(@a) == 8) { @a = 1000; } }
)"},
    {"W0521", Warning, "10", "Variable used before it was assigned: {}", R"(
The variable is read although nothing was assigned to it before. It is 0, or an
empty string.

    begin { let $x; print($x); $x = 1; }

Give it the value with which it should begin.

    begin { let $x = 0; print($x); $x = 1; }
)"},
    {"W0522", Warning, "10", "Variable {} was never assigned to.", R"(
The variable is declared, and nothing is ever put into it. Perhaps the assignments
name another variable.

    begin { let $x: uint64; }

    begin { let $x: uint64 = nsecs; print($x); }
)"},
    {"W0523", Warning, "10", "Return value discarded.", R"(
The statement computes a value that nobody uses. Often an assignment was meant, or
a comparison slipped in where an assignment should be.

    begin { $x = 1; $x == 2; }

Use the value, or say that you do not want it:

    begin { $x = 1; _ = $x + 2; }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_variables() { return kRows; }

}  // namespace gimlet::ast
