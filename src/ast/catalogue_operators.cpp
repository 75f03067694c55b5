// E04, first part: operators and comparisons.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0401", Error, "4", "Type mismatch for '{}': comparing {} with {}", R"(
The two sides have types that do not go together. The lines below the message say
which side has which type.

    begin { print(comm == 5); }

    begin { print(comm == "5"); }

Strings go with strings, tuples with tuples of the same shape, records with
records of the same fields; integers, `bool`, enums and counts go with each other.
)"},
    {"E0402", Error, "4", "The {} operator can not be used on expressions of types {}, {}", R"(
The types go together, but not with this operator. Strings, tuples and records can
only be compared for being equal or not; pointers can be moved by an integer and
compared, and nothing else.

    begin { print(comm < "m"); }

    begin { print(comm == "m"); }
)"},
    {"E0403", Error, "4", "The {} operator can not be used on expressions of type '{}'", R"(
The operator has no meaning for this type. `!` takes integers and `bool`; `-`, `~`
take integers; `*` takes pointers and integers; `++` and `--` take integers and
pointers.

    begin { print(!comm); }

    begin { print(comm == ""); }

A pointer is tested by comparing it: `$p == 0` instead of `!$p`.
)"},
    {"E0404", Error, "20.2", "The {} operator must be applied to a map or variable", R"(
`++` and `--` write a value back, so a macro that contains them needs a variable or
a map for its parameter.

    macro next(x) { x++ }
    begin { print(next(5)); }

    macro next($x) { $x++ }
    begin { $n = 5; print(next($n)); }
)"},
    {"E0411", Error, "9", "Only arrays of same size support comparison operators.", R"(
Arrays are equal if all their elements are. With different numbers of elements
there is nothing to compare the last ones with.

    begin { print((uint8[4])(uint32)1 == (uint8[2])(uint16)1); }

    begin { print((uint8[4])(uint32)1 == (uint8[4])(uint32)2); }
)"},
    {"E0412", Error, "9", "Only arrays of same sized integer support comparison operators.", R"(
Arrays are compared element by element, without any conversion. That works for
integers of the same type only.

    begin { print((uint8[4])(uint32)1 == (uint16[4])(uint64)1); }

    begin { print((uint16[4])(uint64)1 == (uint16[4])(uint64)2); }
)"},
    {"E0413", Error, "9", "The {} operator cannot be used on arrays.", R"(
Arrays can be equal or different; there is no order among them. Compare the
elements that matter.

    begin { print((uint8[4])(uint32)1 < (uint8[4])(uint32)2); }

    begin { $a = (uint8[4])(uint32)1; print($a[0] < 2); }
)"},
    {"W0421", Warning, "6.3",
     "signed operands for '{}' can lead to undefined behavior (cast to unsigned to silence "
     "warning)",
     R"(
BPF divides without signs. A negative operand would be taken for a huge positive
one, and one side here could be negative.

    begin { $a = (int64)-7; print($a / pid); }

If it never is, say so; otherwise deal with the sign before dividing.

    begin { $a = (int64)-7; print((uint64)$a / pid); }
)"},
    {"W0422", Warning, "7.1", "comparison of distinct pointer types: {}, {}", R"(
Two pointers to different types are compared. The addresses are compared all the
same, but often one of the operands is not the one that was meant.

    begin { print((int32 *)1 == (uint64 *)2); }

Cast one of them if it is meant.

    begin { print((uint64 *)1 == (uint64 *)2); }
)"},
    {"W0431", Warning, "7.2", "Addrspace mismatch", R"(
One pointer is an address of the kernel, the other one of the traced program. The
same number means different memory in each, and what results has no space at all.

    tracepoint:syscalls:sys_enter_openat {
      print(args.filename == (int8 *)curtask);
    }

Say by `uptr(...)` or `kptr(...)` which space is meant.

    tracepoint:syscalls:sys_enter_openat {
      print(args.filename == uptr((int8 *)4096));
    }
)"},
    {"W0432", Warning, "7.2", "Addrspace is not set", R"(
The program reads memory through a pointer, and nothing tells whether the address
belongs to the kernel or to the traced process. In probes such as `begin` and
`interval` neither can be taken for granted, and on some machines the same
address is valid in both.

    begin { $p = (int32 *)4096; print(*$p); }

    begin { $p = (int32 *)4096; print(*kptr($p)); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_operators() { return kRows; }

}  // namespace gimlet::ast
