// E01: what the parser expects, and forms that no program may have.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0101", Error, "3.2", "expected ';'", R"(
Two statements follow each other without a separator. A newline does not end a
statement; only a `;` does, or the `}` after the last statement of a block.

    begin {
      $a = 1
      print($a);
    }

End each statement with `;`. Blocks, `if` and loops need none.

    begin {
      $a = 1;
      print($a);
    }

Two less obvious cases: assignments are statements and cannot stand in an
expression (`$a = $b = 1`), and the condition of an `if` that starts with `(` has
to be inside these parentheses as a whole.
)"},
    {"E0102", Error, "3.2", "expected expression", R"(
Something that has a value must stand here: a literal, a variable, a map, a call
or an expression in parentheses. Usual reasons are an operand that was forgotten,
an empty statement (a second `;`), or a unary `+`, which the language lacks.

    begin { $a = 1 + ; }

    begin { $a = 1 + 2; print($a); }
)"},
    {"E0103", Error, "3.1", "unexpected input", R"(
This character begins nothing in the language. Often it was pasted from
formatted text: typographic quotes and dashes look right and are not.

    begin { print(“hello”); }

Strings are written with the plain quote of ASCII.

    begin { print("hello"); }
)"},
    {"E0104", Error, "2.6", "expected attach point", R"(
A probe has to begin here, that is, the name of an event to trace. This message
also appears for a stray `;` or a second `}` after the end of a probe.

    begin { print(1); };

A probe ends with its `}`.

    begin { print(1); }
)"},
    {"E0105", Error, "1.2", "expected identifier", R"(
A name has to stand here: letters, digits and `_`, not beginning with a digit. It
is the name of a field after `.` or `->`, of a type after `struct`, `union` or
`enum`, or of a macro or function that is being defined.

    macro 2nd($x) { $x + 1 }
    begin { print(1); }

    macro second($x) { $x + 1 }
    begin { $x = 1; print(second($x)); }
)"},
    {"E0106", Error, "1.2", "expected identifier after '$'", R"(
`$` begins the name of a variable, and the name follows without a space. `$1`,
`$2` and `$#` are the parameters given on the command line.

    begin { $ count = 1; }

    begin { $count = 1; print($count); }
)"},
    {"E0107", Error, "3.1", "expected '{'", R"(
The body of a probe, a loop, a branch, a macro or a function is always a block in
braces, even if it is a single statement.

    begin { if (pid > 1) print(pid); }

    begin { if (pid > 1) { print(pid); } }

After an attach point the block is missing, or the predicate before it is: after
a `:` a predicate needs a space in front of its `/`.
)"},
    {"E0108", Error, "3.1", "expected '}'", R"(
The text ends, or a new part begins, inside a block that is still open. Look for
the `{` without a partner; the place shown is only where the parser noticed.

    begin {
      if (pid > 1) {
        print(pid);
    }

    begin {
      if (pid > 1) {
        print(pid);
      }
    }
)"},
    {"E0109", Error, "3.1", "expected ')'", R"(
A `(` is still open here. In a call this also means that a comma between two
arguments is missing.

    begin { printf("%d %d\n", 1 2); }

    begin { printf("%d %d\n", 1, 2); }
)"},
    {"E0110", Error, "3.1", "expected ']'", R"(
The `[` of an index or of a map's key is still open. Several keys are separated
by commas; the last may not be followed by one.

    begin { @a[1 = 2; }

    begin { @a[1] = 2; }
)"},
    {"E0111", Error, "3.1", "expected ':'", R"(
A `:` belongs here: between the two results of `c ? a : b`, between a loop's
variable and what it visits, or before a type in the head of a function.

    begin { $x = pid ? 1; }

    begin { $x = pid ? 1 : 2; print($x); }
)"},
    {"E0112", Error, "2.3", "expected '='", R"(
The block of settings is written like an assignment, and so is each entry in it.

    config { max_map_keys = 512 }
    begin { print(1); }

    config = { max_map_keys = 512 }
    begin { print(1); }
)"},
    {"E0113", Error, "2.6", "expected '/' to close predicate", R"(
A predicate is a condition between two slashes. Inside it a `/` divides unless
the block's `{` comes next, so a predicate that is not closed runs on until
something cannot belong to a condition.

    interval:s:1 /pid > 1 { print(pid); }

    interval:s:1 /pid > 1/ { print(pid); }
)"},
    {"E0114", Error, "10", "expected variable after 'let'", R"(
Inside a block `let` declares a variable, whose name begins with `$`. Maps are
declared outside of probes.

    begin { let count = 1; }

    begin { let $count = 1; print($count); }
)"},
    {"E0115", Error, "13.1", "expected '{' or 'if' after 'else'", R"(
The other branch of an `if` is a block in braces or another `if`.

    begin { if (pid > 9) { print(1); } else print(2); }

    begin { if (pid > 9) { print(1); } else { print(2); } }
)"},
    {"E0116", Error, "13.3", "expected variable in for loop", R"(
The first thing after `for` is the variable that takes one value for each round.

    begin { for (i : 0..3) { print(1); } }

    begin { for ($i : 0..3) { print($i); } }
)"},
    {"E0117", Error, "13.3", "expected map or range in for loop", R"(
A loop visits the entries of a map, or the integers of a range `a..b`. There is
nothing else to loop over, not an array and not a tuple.

    begin { $t = (1, 2, 3); for ($x : $t) { print($x); } }

Visit the positions by a range; an end that is more than a name or a literal
stands in parentheses.

    begin { $n = 2; for ($i : 0..($n + 1)) { print($i); } }
)"},
    {"E0130", Error, "3.2", "invalid assignment target", R"(
Only variables, maps and entries of maps can be assigned to. Memory of the traced
system cannot be changed: fields, array elements and what a pointer points to are
read only.

    begin { $p = curtask; *$p = 1; }

Take a copy if you want another value.

    begin { $id = curtask.pid; $id = 1; print($id); }
)"},
    {"E0131", Error, "3.2", "Tuples and records are immutable once created", R"(
The elements of a tuple and the fields of a record keep the values they were made
with.

    begin { $t = (1, 2); $t.0 = 5; }

Make a new one from the old.

    begin { $t = (1, 2); $t = (5, $t.1); print($t); }
)"},
    {"E0132", Error, "4", "increment/decrement requires a variable or map", R"(
`++` and `--` read a place, add or subtract one, and write it back. Their operand
has to be such a place: a variable, a map or an entry of a map.

    begin { print(5++); }

    begin { $n = 5; $n++; print($n); }
)"},
    {"E0133", Error, "4", "address-of operator (&) can only be used on a map or variable", R"(
Only variables and maps have a place of their own in memory. Literals, results of
calls and fields have none whose address could be handed out.

    begin { $p = &pid; }

    begin { $x = pid; $p = &$x; print(*$p); }
)"},
    {"E0134", Error, "3.3", "Named argument list already contains name: {}", R"(
A record has each field once. Two fields of the same name could not be told apart
when the record is read.

    begin { $r = (a=1, a=2); }

    begin { $r = (a=1, b=2); print($r); }
)"},
    {"E0135", Error, "5.4", "invalid tuple index '{}'", R"(
The elements of a tuple are numbered with plain decimal numbers, from 0. Suffixes,
exponents and other bases are for values, not for places.

    begin { $t = (1, 2); print($t.1u); }

    begin { $t = (1, 2); print($t.1); }
)"},
    {"E0136", Error, "1.2", "param {} is out of integer range [1, 9223372036854775807]", R"(
`$1` is the first word after the script on the command line. There is no `$0`: the
name of the script is not a parameter.

    begin { print($0); }

`$#` is the number of parameters that were given.

    begin { print($#); }
)"},
    {"E0140", Error, "18", "nesting is too deep", R"(
Blocks, parentheses or prefix operators are inside each other more levels deep than
the parser follows. Programs of people do not come near this limit; text that some
tool generated may.

    $ gimlet generated.bt        # with ten thousand nested parentheses

Name intermediate results, so that each expression stays small:

    begin { $a = 1 + 2; $b = $a * 3; print($b); }
)"},
    {"E0141", Error, "18", "more than {} operators or branches in a row", R"(
A chain of operators such as `a || b || c`, a ladder of `else if`, or a chain of `? :`
is longer than the parser follows. Only text that some tool generated comes near this
limit.

    $ gimlet generated.bt        # with ten thousand `else if`

Split it into several statements, or look the values up in a map:

    begin { @names[2] = "ENOENT"; @names[13] = "EACCES"; print(@names[2]); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_syntax() { return kRows; }

}  // namespace gimlet::ast
