// E03, first part: how literals are written, and what is computed with them while compiling.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0301", Error, "1.3", "overflow error, maximum value is {}", R"(
Integers have 64 bits, so the largest is 18446744073709551615; a suffix can lower
that limit (`u` stands for 32 bits). For durations and powers of ten the number
counts after it was multiplied.

    begin { print(18446744073709551616); }

    begin { print(18446744073709551615); }
)"},
    {"E0302", Error, "1.3", "trailing underscore in integer literal", R"(
`_` may separate digits wherever that helps the eye, but the number ends with a
digit.

    begin { print(1_000_); }

    begin { print(1_000); }
)"},
    {"E0303", Error, "1.3", "invalid integer suffix '{}'", R"(
Letters directly after a number are its unit. Known are the durations `ns`, `us`,
`ms`, `s`, `m`, `h`, `d` and C's `u`, `l`, `ul`, `ll`, `ull`, which change nothing.

    begin { print(10zz); }

    begin { print(10ms); }

Numbers in base two are read from the command line only; in a program write them
in hexadecimal: `0x5` for `0b101`.
)"},
    {"E0304", Error, "1.3", "invalid trailing bytes", R"(
The number starts well and then goes on with something that does not belong to
it: an 8 or 9 in an octal number (a leading 0 makes it octal), a suffix on a
hexadecimal one, or an exponent that is not a positive number.

    begin { print(08); }

    begin { print(8); }
)"},
    {"E0305", Error, "1.3", "coefficient part of scientific literal must be 1-9", R"(
In `2e6`, which is two million, exactly one digit from 1 to 9 stands before the
`e`. The form is for round numbers; there are no fractions in this language.

    begin { print(12e3); }

    begin { print(12_000); }
)"},
    {"E0311", Error, "1.4", "unterminated string", R"(
The line ends inside a string. A string may not contain a newline as such; it is
written `\n`.

    begin { printf("one line); }

    begin { printf("one line\n"); }
)"},
    {"E0312", Error, "1.4", "octal escape sequence out of range", R"(
`\` with up to three octal digits is one byte, and a byte ends at `\377`.

    begin { print("\400"); }

    begin { print("\377"); }
)"},
    {"E0313", Error, "1.4", "invalid hex escape sequence", R"(
After `\x` come one or two hexadecimal digits.

    begin { print("\xzz"); }

A backslash that is meant as itself is written twice.

    begin { print("\\xzz"); }
)"},
    {"E0314", Error, "1.4", "invalid escape character", R"(
After a backslash a string knows `n`, `t`, `r`, `"`, `\`, octal digits, and `x`
with hexadecimal digits.

    begin { print("C:\data"); }

A backslash that is meant as itself is written twice.

    begin { print("C:\\data"); }
)"},
    {"E0315", Error, "1.4", "String is too long (over {} bytes): {}", R"(
A string has to fit into `max_strlen` bytes, one of which ends it. The format of
`printf` is exempt, for it never travels to the kernel.

    config = { max_strlen = 8 }
    begin { print("far too long"); }

Raise the limit, or shorten the string.

    config = { max_strlen = 64 }
    begin { print("long enough"); }
)"},
    {"E0321", Error, "6.4", "unable to fold literals due to overflow or underflow", R"(
Operators on literals are computed while compiling, exactly. This result does not
fit into 64 bits, divides by zero, or shifts by a number outside 0 to 63. The same
operation on variables would wrap silently, but for literals it is surely not what
was meant.

    begin { print(1 / 0); }

    begin { print(1 / 2); }
)"},
    {"E0322", Error, "6.4", "negative value will underflow", R"(
The number is too large to be negated: the most negative integer has 64 bits and
is -9223372036854775808.

    begin { print(-9223372036854775809); }

    begin { print(-9223372036854775807); }
)"},
    {"E0323", Error, "6.4", "illegal literal operation with strings", R"(
String literals can be compared, joined with `+`, and shortened at the front by
adding an integer. Nothing else is defined for them.

    begin { print("abc" - "c"); }

    begin { print("ab" + "c"); }
)"},
    {"W0324", Warning, "6.4", "literal string will always be empty", R"(
Adding an integer to a string literal drops that many bytes at its front. Here
none are left.

    begin { print("abc" + 3); }

To join a number to a text, use `printf`.

    begin { printf("abc%d\n", 3); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_literals() { return kRows; }

}  // namespace gimlet::ast
