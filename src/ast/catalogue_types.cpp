// E03, second part: names of types, casts, tuples and records, implicit conversions.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0331", Error, "5.2", "Cannot resolve unknown type \"{}\"", R"(
No type has this name: it is none of the language's own, the program's C
definitions do not define it, and the kernel's type information (BTF) does not
know it.

    begin { print(sizeof(uint46)); }

    begin { print(sizeof(uint64)); }

A name in `sizeof(...)` is always read as a type. For the value of a macro or
builtin, write it as a call or in another pair of parentheses.
)"},
    {"E0332", Error, "20.2", "Unknown struct/union: '{}'", R"(
Neither the program's C definitions nor the kernel's type information (BTF) know
such a struct. Perhaps the name is spelled differently, or the struct belongs to a
kernel module that is not loaded.

    begin { print(sizeof(struct task_strct)); }

    begin { print(sizeof(struct task_struct)); }

Types of user programs are defined at the start of the script, or included.
)"},
    {"E0333", Error, "8", "Unknown enum: {}", R"(
Neither the program's C definitions nor the kernel's type information know an enum
of this name.

    begin { print((enum colour)1); }

    enum colour { RED, GREEN };
    begin { print((enum colour)1); }
)"},
    {"E0334", Error, "8", "Enum: {} doesn't contain a variant value of {}", R"(
A literal is cast to an enum that has no constant of that value. A number which is
only known at run time may be cast; it prints as a number then.

    enum colour { RED, GREEN };
    begin { print((enum colour)7); }

    enum colour { RED, GREEN };
    begin { print((enum colour)1); }
)"},
    {"E0335", Error, "10", "Invalid variable declaration type: {}", R"(
A variable holds one value for the time that a probe runs. `void` is no value, and
aggregations such as `count_t` exist only in maps, spread over the CPUs.

    begin { let $n: count_t; }

Use an integer; reading an aggregation gives one.

    begin { @n = count(); let $n: int64 = (int64)@n; print($n); }
)"},
    {"E0336", Error, "20.2", "Type cannot be resolved: still none", R"(
The declared type is that of an expression which has none, such as a block that
ends without a value.

    begin { let $b: typeof({ print(1); }); $b = 1; }

    begin { let $b: typeof({ print(1); 2 }); $b = 1; print($b); }
)"},
    {"E0337", Error, "20.2", "Incomplete cast, unknown type", R"(
The type of the cast is that of something which has none: a map that is never
assigned to, or a block without a value.

    begin { print((typeof(@a))1); }

    begin { print((typeof(@a))1); @a = 2; }
)"},
    {"E0338", Error, "16",
     "Include headers with missing type definitions or install BTF information to your system.", R"(
The program mentions types that it does not define, and this system has no type
information of its kernel (`/sys/kernel/btf/vmlinux`) to take them from.

    begin { print(curtask.pid); }

Include the kernel's headers:

    #include <linux/sched.h>
    begin { print(curtask.pid); }
)"},
    {"E0341", Error, "8", "Cannot cast from \"{}\" to \"{}\"", R"(
Between these types there is no conversion. Integers can be cast to integers,
pointers, enums, `bool`, and arrays of the same size; strings to a longer string,
to an array of bytes of exactly their size, or to `bool`.

    begin { print((uint64)comm); }

To read a number out of a text there is no function in the kernel; compare the
text instead.

    begin { print(comm == "bash"); }
)"},
    {"E0342", Error, "8", "Cannot cast from C type \"{}\"", R"(
A struct or union as a whole cannot become something else. Cast its address to
look at the same memory as another type, or pick a field.

    begin { print((uint64)curtask.se); }

    begin { print(curtask.se.vruntime); }
)"},
    {"E0343", Error, "8", "Cannot determine array size", R"(
A cast to `T[]` makes as many elements as fit into the value's bytes. These bytes
cannot be divided into whole elements.

    begin { $a = (uint64[])(uint32)1; print($a[0]); }

    begin { $a = (uint16[])(uint32)1; print($a[0]); }
)"},
    {"E0344", Error, "5.2", "this {} is too large", R"(
A type has at most 2147483647 bytes.

    begin { print(sizeof(int8[5000000000])); }

    begin { print(sizeof(int8[500])); }
)"},
    {"W0345", Warning, "8", "Unnecessary cast: expression is already of type {}", R"(
The cast changes nothing. Without it the line is shorter, and keeps working if the
type changes one day.

    begin { print((uint32)pid); }

    begin { print(pid); }
)"},
    {"W0346", Warning, "6.2",
     "Expression of type: {} being cast to type: {}. This may cause unexpected results. Use an "
     "explicit cast to suppress this warning.",
     R"(
The value goes to a place whose type cannot hold all values of its own type: bits
may be cut off, or a sign may change.

    begin { let $low: uint8 = pid; print($low); }

Use a wider type, or say by a cast that this is meant.

    begin { let $low: uint8 = (uint8)pid; print($low); }
)"},
    {"E0351", Error, "5.4", "Invalid tuple index", R"(
The tuple has fewer elements. They are counted from 0, so the last one of three is
`.2`.

    begin { $t = (1, 2); print($t.2); }

    begin { $t = (1, 2); print($t.1); }
)"},
    {"E0352", Error, "5.4", "Array-style access for tuples only valid for integer literals", R"(
The elements of a tuple may have different types, so which one is meant has to be
known while compiling.

    begin { $t = (1, 2); $i = 1; print($t[$i]); }

    begin { $t = (1, 2); print($t[1]); }
)"},
    {"E0353", Error, "1.3", "Can not access index '{}' on expression of type '{}'", R"(
A dot and a number pick an element of a tuple, and this is no tuple. The message
also comes for numbers with a fraction, which the language does not have.

    begin { print(1.5); }

    begin { $t = (1, 5); print($t.1); }
)"},
    {"E0354", Error, "5.4", "Record does not contain a field named '{}'", R"(
The record was made without such a field. The fields are those of the expression
that made it; nothing can be added later.

    begin { $r = (a=1, b=2); print($r.c); }

    begin { $r = (a=1, b=2); print($r.b); }
)"},
    {"E0355", Error, "5.4", "Map type {} cannot exist inside a tuple.", R"(
This value lives in a map only, spread over the CPUs, and cannot be copied out;
`void` is no value at all.

    begin { @h = hist(5); $t = (1, @h); }

Print the map as a whole, or keep a number instead.

    begin { @n = count(); $t = (1, @n); print($t); }
)"},
    {"E0356", Error, "5.4", "Map type {} cannot exist inside a record.", R"(
This value lives in a map only, spread over the CPUs, and cannot be copied out;
`void` is no value at all.

    begin { @h = hist(5); $r = (a=1, b=@h); }

Print the map as a whole, or keep a number instead.

    begin { @n = count(); $r = (a=1, b=@n); print($r); }
)"},
    {"W0357", Warning, "5.3",
     "Cannot take type definitions from BTF since there is a redefinition conflict with "
     "user-defined types.",
     R"(
The script defines a type that the kernel has as well, with other members. One
program cannot use both, so the kernel's types are left out.

    struct task_struct { int x; };
    begin { print(sizeof(struct task_struct)); }

Choose a name of your own:

    struct my_task { int x; };
    begin { print(sizeof(struct my_task)); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_types() { return kRows; }

}  // namespace gimlet::ast
