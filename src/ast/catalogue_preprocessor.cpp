// E11, second part: preprocessor lines and headers.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E1131", Error, "2.2", "invalid preprocessor line '#{}'", R"(
A line that begins with `#` is a line of C's preprocessor, and there is no such
one. Comments begin with `//`.

    # what this script does
    begin { print(1); }

    // what this script does
    begin { print(1); }
)"},
    {"E1132", Error, "2.2", "a preprocessor line cannot be continued with a backslash", R"(
A preprocessor line ends with its line of text, unlike in C.

    #define SUM 1 + 2 \
    begin { print(SUM); }

    #define SUM 1 + 2
    begin { print(SUM); }
)"},
    {"E1133", Error, "16", "unterminated conditional", R"(
An `#if`, `#ifdef` or `#ifndef` has no `#endif`.

    #ifdef BPFTRACE_HAVE_BTF
    #define KNOWN 1
    begin { print(1); }

    #ifdef BPFTRACE_HAVE_BTF
    #define KNOWN 1
    #endif
    begin { print(1); }
)"},
    {"E1134", Error, "16", "#{} without #if", R"(
The line belongs to a conditional, and none is open here.

    #endif
    begin { print(1); }

    #ifndef BPFTRACE_HAVE_BTF
    #include <linux/sched.h>
    #endif
    begin { print(1); }
)"},
    {"E1135", Error, "16", "#{} after #else", R"(
`#else` is the last alternative of a conditional; after it only `#endif` can
follow.

    #if 1
    #else
    #else
    #endif
    begin { print(1); }

    #if 1
    #else
    #endif
    begin { print(1); }
)"},
    {"E1136", Error, "16", "this line needs a condition", R"(
`#if` and `#elif` are followed by what decides.

    #if
    #endif
    begin { print(1); }

    #if 1
    #endif
    begin { print(1); }
)"},
    {"E1137", Error, "16", "expected a macro's name after {}", R"(
The line, or the word `defined`, is about one macro, whose name is missing.

    #define
    begin { print(1); }

    #define LIMIT 5
    begin { print(LIMIT); }
)"},
    {"E1161", Error, "16", "expected ')' after the parameters of '{}'", R"(
A parenthesis that touches the name of a macro begins its parameters, and is never
closed. For one that belongs to the replacement, leave a blank.

    #define TWICE(x x + x
    begin { print(1); }

    #define SUM (1 + 1)
    begin { print(SUM); }
)"},
    {"E1138", Error, "16", "expected \"FILE\" or <FILE> after #include", R"(
The name of a header stands in quotes, or in angle brackets.

    #include linux/sched.h
    begin { print(1); }

    #include <linux/sched.h>
    begin { print(1); }
)"},
    {"E1139", Error, "16", "#pragma pack is not supported", R"(
Say at each struct how its members lie.

    #pragma pack(1)
    struct pair { char a; int b; };
    begin { print(sizeof(struct pair)); }

    struct pair { char a; int b; } __attribute__((packed));
    begin { print(sizeof(struct pair)); }
)"},
    {"E1140", Error, "16", "unterminated comment", R"(
A comment that begins in C text has to end in the same line or definition.

    #define LIMIT 5 /* as many
    begin { print(LIMIT); }

    #define LIMIT 5 /* as many */
    begin { print(LIMIT); }
)"},
    {"E1141", Error, "16", "the headers that this program includes cannot be read", R"(
The compiler that reads the headers refused them. Its own words follow as a hint;
most often a file was not found that one of the headers includes, or that belongs to
a kernel whose headers are not installed.

    #include <linux/no_such_header.h>
    begin { print(LIMIT); }

Install the package with the header, give its folder with `-I`, or do without: the
kernel's own types need no headers where the kernel has type information.

    begin { print(curtask.pid); }
)"},
    {"E1144", Error, "16", "'{}' file not found", R"(
The header is in none of the folders that are searched: that of the script (for a
name in quotes), those given with `-I`, the system's, and the kernel's. Headers of the
kernel (`linux/sched.h`) are not missed where none are installed: BTF has their types.

    $ gimlet -e '#include "own.h"'

    $ gimlet -I include -e '#include "own.h"'
)"},
    {"E1142", Error, "16", "clang is needed to {}", R"(
Headers and imported sources are C in its full extent, which gimlet leaves to
clang. Scripts without `#include` and imports of C do not need it.

    #include <linux/sched.h>
    begin { print(MAX_PRIO); }

Install it, or remove the `#include`:

    begin { print(curtask.pid); }
)"},
    {"E1143", Error, "16", "#error {}", R"(
The script or one of its headers says that it cannot be used like this. The rest
of the line is its reason.

    #error only for kernels of 1999
    begin { print(1); }

    begin { print(1); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_preprocessor() { return kRows; }

}  // namespace gimlet::ast
