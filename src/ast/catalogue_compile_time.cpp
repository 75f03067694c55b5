// E08, first part: sizeof, typeof, comptime, functions.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0801", Error, "14.4", "Unable to resolve comptime expression", R"(
`comptime` asks for a value that is known while compiling, and this one is only
known when the probe fires.

    begin { if comptime (pid > 1) { print(1); } }

Literals, parameters of the command line, `sizeof`, `is_str` and the like are
known while compiling.

    begin { if comptime (sizeof(pid) > 1) { print(1); } }
)"},
    {"E0802", Error, "14.4", "Type resolution exceeded maximum iterations", R"(
Types of variables and compile-time conditions depend on each other in a circle,
so that every decision changes another one.

    $ gimlet generated.bt        # a hundred conditions, each resting on the one before

Give the variables in the circle their types.

    begin { let $a: int64 = 1; if comptime (sizeof($a) == 8) { $a = 1000; } }
)"},
    {"E0803", Error, "14.1", "'{}' is not a C type.", R"(
`offsetof` tells where a field lies in a struct or union, and this is neither. A
pointer is followed first, with `*`.

    begin { $p = curtask; print(offsetof($p, pid)); }

    begin { $p = curtask; print(offsetof(*$p, pid)); }
)"},
    {"E0804", Error, "14.1", "'{}' has no field named '{}'", R"(
The struct is known and has no such field. In a path such as `a.b` each field is
looked up in the one before it.

    begin { print(offsetof(struct task_struct, pidd)); }

    begin { print(offsetof(struct task_struct, pid)); }
)"},
    {"E0805", Error, "14.1", "Map assignments not allowed inside of sizeof", R"(
The operand of `sizeof`, `typeof`, `offsetof` and `typeinfo` is only looked at and
never runs. An assignment to a map in it would look as if it happened.

    begin { print(sizeof({ @a = 1; @a })); }

    begin { @a = 1; print(sizeof(@a)); }
)"},
    {"E0806", Error, "14.5", "fail() arguments need to be literals", R"(
`fail` ends the compilation with its text, so what the text contains has to be
known by then.

    begin { fail("pid %d", pid); }

    begin { if comptime (sizeof(pid) != 4) { fail("pid has %d bytes", 8); } }
)"},
    {"E0811", Error, "14.7", "Not all code paths of function '{}' return a value", R"(
The function has a result, and at least one way through it ends without a
`return`.

    fn sign($x: int64): int64 { if ($x > 0) { return 1; } }
    begin { print(1); }

    fn sign($x: int64): int64 { if ($x > 0) { return 1; } return 0; }
    begin { print(1); }
)"},
    {"E0812", Error, "14.7", "Function {} is of type {}, cannot return {}", R"(
The type behind the head of the function is the one that it returns, and the value
after `return` has another.

    fn name($x: int64): string { return $x; }
    begin { print(1); }

    fn name($x: int64): int64 { return $x; }
    begin { print(1); }
)"},
    {"E0817", Error, "14.7", "Redefinition of function: {}", R"(
A program has one function of each name.

    fn f() : uint64 { return 1; }
    fn f() : uint64 { return 2; }
    begin { print(1); }

    fn f() : uint64 { return 1; }
    fn g() : uint64 { return 2; }
    begin { print(1); }
)"},
    {"E0818", Error, "14.7", "Function {} has another parameter {}", R"(
A body could not tell two parameters of one name apart.

    fn f($a : uint64, $a : uint64) : uint64 { return $a; }
    begin { print(1); }

    fn f($a : uint64, $b : uint64) : uint64 { return $a + $b; }
    begin { print(1); }
)"},
    {"E0813", Error, "14.7", "Builtin {} not supported outside probe", R"(
A function is not part of any probe, so there is no event whose arguments or
context it could read.

    fn first(): uint64 { return arg0; }
    begin { print(1); }

Pass what is needed as an argument.

    fn first($arg: uint64): uint64 { return $arg; }
    begin { print(1); }
)"},
    {"E0814", Error, "14.6", "Function `{}` requires {} arguments, got only {}", R"(
A function that was imported from C takes exactly the arguments that it was
declared with.

    import "add.bpf.c";             // int add(int a, int b)
    begin { print(add(1)); }

    import "add.bpf.c";
    begin { print(add(1, 2)); }
)"},
    {"E0815", Error, "14.6", "Expected {} for argument `{}` got {}", R"(
A function that was imported from C takes the types that it was declared with.
Integers are converted; anything else has to be the same type.

    import "add.bpf.c";             // int add(int a, int b)
    begin { print(add(1, "2")); }

    import "add.bpf.c";
    begin { print(add(1, 2)); }
)"},
    {"E0816", Error, "14.6", "Function `{}` cannot be called: the type of {} is not supported", R"(
A function that was imported from C takes or returns something other than an
integer or a pointer to data, and gimlet does not know how to pass that.

    import "pair.bpf.c";            // int sum(struct pair p)
    begin { print(sum(5)); }

Let the C function take a pointer:

    import "pair.bpf.c";            // int sum(struct pair *p)
    begin { $x = 5; print(sum(&$x)); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_compile_time() { return kRows; }

}  // namespace gimlet::ast
