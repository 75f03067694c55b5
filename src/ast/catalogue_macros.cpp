// E08, second part: macros of scripts and of C.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0851", Error, "15", "Call to {}() has arguments that do not match any definition.", R"(
There is a macro of this name, or several, but none takes these arguments. The
line below the message tells about the definition that comes closest.

    macro add(a, b) { a + b }
    begin { print(add(1)); }

    macro add(a, b) { a + b }
    begin { print(add(1, 2)); }
)"},
    {"E0852", Error, "15",
     "The closest definition of {}() has a different number of arguments. Expected: {} but got {}",
     R"(
This line explains why a call of a macro fits no definition: the number of
arguments is not the number of parameters.

    macro add(a, b) { a + b }
    begin { print(add(1, 2, 3)); }

Call it with what it takes, or define another form of it:

    macro add(a, b) { a + b }
    macro add(a, b, c) { a + b + c }
    begin { print(add(1, 2, 3)); }
)"},
    {"E0853", Error, "15", "Mismatched arg. {}() expects {} for arg {} but got {}.", R"(
A parameter written `$v` stands for a variable of the caller and one written `@m`
for a map of the caller, so that the macro can change them. An expression has no
place to be changed.

    macro bump($v) { $v++; }
    begin { bump(1); }

    macro bump($v) { $v++; }
    begin { $n = 1; bump($n); print($n); }
)"},
    {"E0854", Error, "15",
     "Unhygienic access to map: {}. Maps must be passed into the macro as "
     "arguments.",
     R"(
A macro may be used in any program, so it does not reach for maps of a certain
name: that name could mean something else there.

    macro note(k) { @seen[k] = 1; }
    begin { note(5); }

    macro note(@m, k) { @m[k] = 1; }
    begin { note(@seen, 5); }
)"},
    {"E0855", Error, "15", "Variable declaration shadows macro arg {}", R"(
`$v` in the head of the macro already stands for the caller's variable; `let`
would declare another one of the same name.

    macro double($v) { let $v = 2; $v * 2 }
    begin { $x = 1; print(double($x)); }

    macro double($v) { let $w = $v; $w * 2 }
    begin { $x = 1; print(double($x)); }
)"},
    {"E0856", Error, "15", "{} for macro argument has already been used: {}", R"(
Two parameters of the macro have the same name, and its body could not say which
one it means.

    macro add($a, $a) { $a + $a }
    begin { print(1); }

    macro add($a, $b) { $a + $b }
    begin { print(1); }
)"},
    {"E0857", Error, "15", "builtin '{}' can't be used as a macro argument", R"(
The name is one that the language itself gives a meaning to, everywhere. As a
parameter it would hide that meaning.

    macro show(pid) { print(pid); }
    begin { show(1); }

    macro show(id) { print(id); }
    begin { show(1); }
)"},
    {"E0858", Error, "15", "Redefinition of macro: {}", R"(
An earlier macro of this name already takes every call that this one could take,
so this one would never be used. Order matters: a plain name takes any argument,
`$v` and `@m` take less.

    macro show(x) { print(x); }
    macro show($v) { print($v + 1); }
    begin { show(1); }

Define the special form first.

    macro show($v) { print($v + 1); }
    macro show(x) { print(x); }
    begin { show(1); }
)"},
    {"E0859", Error, "15", "Recursive macro call detected. Call chain: {}", R"(
A macro is replaced by its body. If the body calls the macro again, directly or by
way of others, the replacing never ends.

    macro down(n) { down(n - 1) }
    begin { print(down(5)); }

A loop does what recursion would do elsewhere.

    begin { for ($i : 0..5) { print(5 - $i); } }
)"},
    {"E0860", Error, "15", "'{}' statement is not allowed in a macro", R"(
The macro's text becomes a part of the caller's. A jump out of it would jump in
the caller, which readers of the call cannot see.

    macro stop_if(x) { if (x) { return; } }
    begin { stop_if(pid > 1); }

Give a value back and let the caller decide.

    macro must_stop(x) { x }
    begin { if (must_stop(pid > 1)) { return; } }
)"},
    {"E0861", Error, "15", "Invalid replacement for macro: {} is not a type", R"(
The macro uses this parameter where a type has to stand, for example as
the type of a variable, and the argument is a value.

    macro make(t) { let $y: t = 1; $y }
    begin { print(make(5)); }

    macro make(t) { let $y: t = 1; $y }
    begin { print(make(typeof(uint64))); }
)"},
    {"E0862", Error, "15",
     "When used as a call argument, `typeof` builtin only valid for macro calls that are expecting "
     "a type parameter",
     R"(
`typeof(...)` is a type and no value. Only a macro that uses its parameter as a
type can take it.

    begin { print(typeof(pid)); }

    begin { print(sizeof(typeof(pid))); }
)"},
    {"E0863", Error, "15", "Invalid replacement for macro{}", R"(
What was given for a parameter cannot stand where the macro's body uses it.

    macro point_at(t) { (struct t *)4096 }
    begin { print(point_at(5)); }

    macro point_at(t) { (t *)4096 }
    begin { print(point_at(typeof(uint8))); }
)"},
    {"E0864", Error, "15", "This macro expands to more than {} expressions", R"(
A macro's text is put in the place of each use. Macros that use each other twice
double with each level, and so does an argument that is used twice.

    macro a(x) { x + x + x + x + x + x + x + x }
    macro b(x) { a(x) + a(x) + a(x) + a(x) + a(x) + a(x) + a(x) + a(x) }
    macro c(x) { b(x) + b(x) + b(x) + b(x) + b(x) + b(x) + b(x) + b(x) }
    macro d(x) { c(x) + c(x) + c(x) + c(x) + c(x) + c(x) + c(x) + c(x) }
    macro e(x) { d(x) + d(x) + d(x) + d(x) + d(x) + d(x) + d(x) + d(x) }
    begin { print(e(pid)); }

Keep what has been computed in a variable.

    macro a(x) { let $x = x; $x * 8 }
    macro b(x) { let $a = a(x); $a * 8 }
    begin { print(b(pid)); }
)"},
    {"E0871", Error, "16", "unable to expand macro as an expression: {}", R"(
A `#define` is used as a value, and its text is not an expression of this
language. The text is shown behind the colon.

    #define OPEN {
    begin { print(OPEN); }

    #define LIMIT (3 + 4)
    begin { print(LIMIT); }
)"},
    {"E0872", Error, "16", "Macro recursion: {}", R"(
The text of this `#define` leads back to its own name, so replacing it would never
end.

    #define LOOP LOOP + 1
    begin { print(LOOP); }

    #define START 4
    #define NEXT START + 1
    begin { print(NEXT); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_macros() { return kRows; }

}  // namespace gimlet::ast
