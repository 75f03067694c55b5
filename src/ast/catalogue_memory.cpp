// E04, second part: fields, elements and pointers.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0451", Error, "7.1", "Can not access field '{}' on expression of type '{}'", R"(
Structs, unions and records have fields, and so have pointers to structs and
unions. This value is something else. An address that came as a plain integer has
to be cast before its fields can be reached.

    begin { $p = 4096; print($p.pid); }

    begin { $p = (struct task_struct *)4096; print(kptr($p).pid); }
)"},
    {"E0452", Error, "7.1", "Struct/union of type '{}' does not contain a field named '{}'", R"(
The type is known and has no such field. Fields come and go between kernels, so a
script written for another kernel may have been right there.

    begin { print(curtask.tgidd); }

    begin { print(curtask.tgid); }

`gimlet -lv 'struct task_struct'` shows the fields on this system.
)"},
    {"E0453", Error, "5.3", "Field '{}' has a type that cannot be read", R"(
The field is a floating-point number or another type that BPF programs cannot
compute with.

    struct reading_with_ratio { float ratio; int n; };
    begin { $s = (struct reading_with_ratio *)4096; print(kptr($s).ratio); }

The other fields of the struct can be used.

    struct reading_with_ratio { float ratio; int n; };
    begin { $s = (struct reading_with_ratio *)4096; print(kptr($s).n); }
)"},
    {"E0454", Error, "5.3", "pointer field '{}' with unsupported tag attribute: {}", R"(
The kernel marks this pointer with a tag that says how to follow it, and gimlet
knows only pointers tagged `user` or `rcu`. A pointer tagged `percpu`, say, is no
address before the place of a CPU has been added: reading through it would show
something else.

    begin { print(curtask.tagged); }

The place of the field is no secret, and what lies there is a number:

    begin { print(*(uint64 *)((uint64)curtask + offsetof(struct task_struct, mm))); }
)"},
    {"E0455", Error, "7.1", "BPF does not support accessing common tracepoint fields", R"(
Every tracepoint record begins with eight bytes of the same fields (`common_type`,
`common_pid` and others). The kernel does not let BPF programs read them.

    tracepoint:sched:sched_switch { print(args.common_pid); }

Builtins give the same facts.

    tracepoint:sched:sched_switch { print(pid); }
)"},
    {"E0461", Error, "7.1", "the index {} is out of bounds for array of size {}", R"(
The index is a literal, and the array has fewer elements. They are counted from 0,
so the last index is one less than the size.

    begin { $a = (uint8[4])(uint32)1; print($a[4]); }

    begin { $a = (uint8[4])(uint32)1; print($a[3]); }
)"},
    {"E0462", Error, "7.1",
     "The array index operator [] only accepts non-negative integer indices.", R"(
An index counts from the start of the array, so it is an integer without a sign. A
variable that could be negative is not accepted either.

    begin { $a = (uint8[4])(uint32)1; print($a[-1]); }

    begin { $a = (uint8[4])(uint32)1; print($a[0]); }

Cast an index that is known never to be negative: `$a[(uint64)$i]`.
)"},
    {"E0463", Error, "7.1",
     "The array index operator [] can only be used on arrays, pointers, and tuples", R"(
This value has no elements.

    begin { print(pid[0]); }

To look at the single bytes of an integer, cast it to an array.

    begin { $a = (uint8[4])pid; print($a[0]); }
)"},
    {"E0464", Error, "7.1",
     "The array index operator [] cannot be used on a pointer to an unsized type ({})", R"(
Where element number 3 lies depends on the size of an element, and what this
pointer leads to has no size.

    begin { $p = (void *)4096; print($p[3]); }

Cast the pointer to what is there.

    begin { $p = kptr((int32 *)4096); print($p[3]); }
)"},
    {"E0465", Error, "5.3", "'{}' has another member named '{}'", R"(
The fields of an unnamed struct or union are reached through the struct around it,
so all of their names share one space. Here two of them are equal.

    struct pair { int a; struct { int a; }; };
    begin { print(sizeof(struct pair)); }

    struct pair { int a; struct { int b; }; };
    begin { print(sizeof(struct pair)); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_memory() { return kRows; }

}  // namespace gimlet::ast
