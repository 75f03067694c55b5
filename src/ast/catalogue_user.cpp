// E13: user programs: markers, source lines, C++ names, debug information.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E1301", Error, "20.2", "No matches for usdt {}.", R"(
The file has no marker of this provider and name. Not every build of a program
contains the markers that its documentation speaks of.

    usdt:libstdc++:libstdcxx:trow { @ = count(); }

    usdt:libstdc++:libstdcxx:throw { @ = count(); }

`gimlet -l 'usdt:/bin/app:*'` lists the markers of a file.
)"},
    {"E1302", Error, "20.2", "usdt probe must have a target function or wildcard", R"(
The file is named, but not the marker in it.

    usdt:libstdc++: { @ = count(); }

    usdt:libstdc++:* { @[probe] = count(); }
)"},
    {"E1303", Error, "20.2",
     "usdt probe must specify at least path or pid to probe. To target all paths/pids set the path "
     "to '*'.",
     R"(
Markers are looked for in a file. It can only be left out together with `-p`, for
all files that the process uses.

    usdt::libstdcxx:throw { @ = count(); }

    usdt:libstdc++:libstdcxx:throw { @ = count(); }
)"},
    {"E1304", Error, "20.2", "usdt target file '{}' does not exist or is not executable", R"(
The file whose markers are wanted is looked up as given, then in the folders of
`PATH` and of shared libraries. It was not found there, or is not a program or
library.

    usdt:/bin/bsh:a:b { @ = count(); }

    usdt:libstdc++:libstdcxx:throw { @ = count(); }
)"},
    {"W1305", Warning, "20.2", "attaching to usdt target file '{}' but matched {} binaries", R"(
Several files of this name were found, and only the first one is traced. Give the
full path.

    $ gimlet -e 'usdt:app:started { @ = count(); }'

    $ gimlet -e 'usdt:/usr/local/bin/app:started { @ = count(); }'
)"},
    {"E1306", Error, "20.2",
     "arg{} of {} cannot be read: it is not in memory or a general register",
     R"(
The compiler left this argument of the marker in a place that programs in the
kernel cannot read, such as a floating-point register. The other arguments are not
affected.

    $ gimlet -e 'usdt:./app:measured { print(arg2); }'

    $ gimlet -e 'usdt:./app:measured { print(arg0); }'
)"},
    {"E1307", Error, "20.2", "Failed to attach usdt probe: {}", R"(
The marker exists, and the kernel refused to put a probe there. The rest of the
message says why; a file on a file system without executable mappings is one
reason.

    $ gimlet -e 'usdt:/mnt/noexec/app:started { @ = count(); }'

    $ gimlet -e 'usdt:/usr/bin/app:started { @ = count(); }'
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_user() { return kRows; }

}  // namespace gimlet::ast
