// E11, first part: the C definitions at the start of a script.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E1101", Error, "2.2", "__attribute__ syntax error", R"(
An attribute is written with two pairs of parentheses.

    struct pair { int a; } __attribute__(packed);
    begin { print(sizeof(struct pair)); }

    struct pair { int a; } __attribute__((packed));
    begin { print(sizeof(struct pair)); }
)"},
    {"E1102", Error, "16", "the attribute '{}' is not supported", R"(
Attributes that change where members lie have to be followed exactly. `packed` and
`aligned` are known; this one is not, and ignoring it could give wrong offsets.

    struct pair { int a; } __attribute__((vector_size(8)));
    begin { print(sizeof(struct pair)); }

    struct pair { int a; } __attribute__((aligned(8)));
    begin { print(sizeof(struct pair)); }
)"},
    {"E1103", Error, "16", "expected {}, found {}", R"(
The C text stops being a definition here: what the message names should have come.

    struct pair { int a int b; };
    begin { print(sizeof(struct pair)); }

    struct pair { int a; int b; };
    begin { print(sizeof(struct pair)); }
)"},
    {"E1104", Error, "16", "the '}' of '{}' is missing", R"(
The definition is still open where the C text ends.

    $ cat pair.bt
    struct pair { struct { int a; };

    struct pair { struct { int a; }; };
    begin { print(sizeof(struct pair)); }
)"},
    {"E1105", Error, "16", "a member of type '{}' needs a name", R"(
Only structs and unions may stand inside another one without a name.

    struct pair { int; };
    begin { print(sizeof(struct pair)); }

    struct pair { int a; };
    begin { print(sizeof(struct pair)); }
)"},
    {"E1106", Error, "16", "redefinition of '{}'", R"(
A struct, union or enum of this name is defined already, and the two could differ.

    struct pair { int a; };
    struct pair { int a; int b; };
    begin { print(sizeof(struct pair)); }

    struct pair { int a; int b; };
    begin { print(sizeof(struct pair)); }
)"},
    {"E1107", Error, "16", "redefinition of enumerator '{}'", R"(
The constants of all enums share one space of names.

    enum colour { RED };
    enum light { RED };
    begin { print(RED); }

    enum colour { RED };
    enum light { LIGHT_RED };
    begin { print(RED); }
)"},
    {"E1108", Error, "16", "'{}' has no enumerators", R"(
An enum without constants has no values.

    enum colour { };
    begin { print(1); }

    enum colour { RED };
    begin { print(RED); }
)"},
    {"E1109", Error, "2.2", "'{}' is not supported in C definitions", R"(
At the start of a script stand definitions of structs, unions and enums. Other
declarations of C, such as `typedef`, `static` or `extern`, go into a header.

    struct pair { typedef int number; };
    begin { print(1); }

    struct pair { int number; };
    begin { print(sizeof(struct pair)); }
)"},
    {"E1110", Error, "16", "these words do not make a type", R"(
C's words for integers can be combined in certain ways only, such as `unsigned
long` or `long long int`.

    struct pair { long char a; };
    begin { print(sizeof(struct pair)); }

    struct pair { long a; };
    begin { print(sizeof(struct pair)); }
)"},
    {"E1111", Error, "16", "not a constant expression", R"(
The size of an array, the value of an enumerator and a condition of `#if` are
computed while compiling, from literals, `sizeof`, enumerators and object-like
macros.

    struct list { int n[sizeof(int) ? "a" : "b"]; };
    begin { print(sizeof(struct list)); }

    #define SIZE 4
    struct list { int n[SIZE]; };
    begin { print(sizeof(struct list)); }
)"},
    {"E1112", Error, "16", "'{}' is not a constant that is known here", R"(
The name is neither an enumerator that was defined before, nor an object-like
macro.

    struct list { int n[size]; };
    begin { print(sizeof(struct list)); }

    enum { SIZE = 4 };
    struct list { int n[SIZE]; };
    begin { print(sizeof(struct list)); }
)"},
    {"E1113", Error, "16", "division by zero in a constant expression", R"(
The expression divides by something that is zero while compiling.

    struct list { int n[4 / 0]; };
    begin { print(sizeof(struct list)); }

    struct list { int n[4 / 2]; };
    begin { print(sizeof(struct list)); }
)"},
    {"E1114", Error, "16", "a shift in a constant expression is wider than its operand", R"(
Shifting by the number of bits or more leaves nothing that C defines.

    enum flag { HIGH = 1 << 70 };
    begin { print(HIGH); }

    enum flag { HIGH = 1 << 7 };
    begin { print(HIGH); }
)"},
    {"E1115", Error, "16", "the size of '{}' is not known", R"(
The type is not defined before this place, so `sizeof` cannot tell its size.

    struct list { char bytes[sizeof(struct item)]; };
    begin { print(sizeof(struct list)); }

    struct item { int a; };
    struct list { char bytes[sizeof(struct item)]; };
    begin { print(sizeof(struct list)); }
)"},
    {"E1116", Error, "16", "a constant can only be cast to an integer type", R"(
Constant expressions are about integers. Structs and pointers do not take part.

    enum flag { LOW = (int *)1 };
    begin { print(LOW); }

    enum flag { LOW = (int)1 };
    begin { print(LOW); }
)"},
    {"E1117", Error, "16", "'{}' is not an integer", R"(
The token begins with a digit and is no integer of C.

    struct list { int n[0x]; };
    begin { print(sizeof(struct list)); }

    struct list { int n[0x4]; };
    begin { print(sizeof(struct list)); }
)"},
    {"E1118", Error, "16", "this number does not fit into 64 bits", R"(
Constants have at most 64 bits.

    enum flag { HIGH = 99999999999999999999 };
    begin { print(HIGH); }

    enum flag { HIGH = 9999999999 };
    begin { print(HIGH); }
)"},
    {"E1119", Error, "16", "{} is not a character that is understood here", R"(
A character constant is one character, or one of the usual escapes, in single
quotes.

    enum mark { STAR = 'ab' };
    begin { print(STAR); }

    enum mark { STAR = '*' };
    begin { print(STAR); }
)"},
    {"E1120", Error, "16", "the macro '{}' takes arguments, which C definitions cannot use", R"(
Macros with parameters are read and not replaced, neither here nor in probes.

    #define TWICE(x) (2 * (x))
    struct list { int n[TWICE(2)]; };
    begin { print(sizeof(struct list)); }

    #define SIZE 4
    struct list { int n[SIZE]; };
    begin { print(sizeof(struct list)); }
)"},
    {"E1121", Error, "16", "'{}(...)' is not a constant expression", R"(
A condition of `#if` calls something. It is decided before any type is known, so
it has no `sizeof`, and there are no functions at that time.

    #if sizeof(int) > 3
    #endif
    begin { print(1); }

    #define LEVEL 4
    #if LEVEL > 3
    #endif
    begin { print(1); }
)"},
    {"E1151", Error, "16", "this is nested too deeply", R"(
Definitions, parentheses or operators are inside each other more levels deep than
C text has in practice.

    $ gimlet generated.bt        # with a thousand structs inside each other

Define the inner types by themselves and use them by their names:

    struct inner { int a; };
    struct outer { struct inner first; };
    begin { print(sizeof(struct outer)); }
)"},
    {"E1152", Error, "16", "{} nested too deeply here", R"(
Macros lead to macros, or conditionals stand inside conditionals, more levels deep
than C text has in practice.

    $ gimlet generated.bt        # with hundreds of #if inside each other

Say it directly:

    #define LIMIT 5
    begin { print(LIMIT); }
)"},
    {"E1153", Error, "16", "the macros in this definition expand to too much text", R"(
Each macro repeats the one before it several times, so that a short line stands
for megabytes.

    $ gimlet generated.bt        # with forty macros of the form `x x`

    #define COUNT 64
    struct list { int n[COUNT]; };
    begin { print(sizeof(struct list)); }
)"},
    {"E1154", Error, "16", "this expression is too long", R"(
A constant expression has more operators than are worth computing.

    $ gimlet generated.bt        # with an array of size 1+1+1+...

    struct list { int n[1000]; };
    begin { print(sizeof(struct list)); }
)"},
    {"E1155", Error, "16", "too many levels of pointers", R"(
A type with this many `*` is no type of a real program.

    $ gimlet generated.bt        # with thousands of * in a row

    struct list { int **items; };
    begin { print(sizeof(struct list)); }
)"},
    {"E1156", Error, "16", "this type has too many parts", R"(
A type with this many dimensions or parameters is no type of a real program.

    $ gimlet generated.bt        # with thousands of [1] in a row

    struct list { int items[4][4]; };
    begin { print(sizeof(struct list)); }
)"},
    {"E1157", Error, "16", "a type cannot be defined here", R"(
Types are defined at the start of the script or as members of other types, not in
the middle of another declaration.

    struct list { int (*compare)(struct item { int a; } x); };
    begin { print(sizeof(struct list)); }

    struct item { int a; };
    struct list { int (*compare)(struct item x); };
    begin { print(sizeof(struct list)); }
)"},
    {"E1158", Error, "16", "the ')' of these parameters is missing", R"(
The parameters of a function pointer are still open where the member ends.

    struct list { int (*compare)(int a; };
    begin { print(sizeof(struct list)); }

    struct list { int (*compare)(int a); };
    begin { print(sizeof(struct list)); }
)"},
    {"E1159", Error, "16", "a type has no name here", R"(
In `sizeof` or a cast the type stands alone; a name would declare something.

    struct list { char bytes[sizeof(int n)]; };
    begin { print(sizeof(struct list)); }

    struct list { char bytes[sizeof(int)]; };
    begin { print(sizeof(struct list)); }
)"},
    {"E1160", Error, "16", "'defined' cannot be the name of a macro", R"(
In a condition `defined` asks whether a macro exists, so it cannot be one.

    #define defined 1
    begin { print(1); }

    #define is_defined 1
    begin { print(is_defined); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_c_definitions() { return kRows; }

}  // namespace gimlet::ast
