// Attach points of watchpoint.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E1355", Error, "20.2", "Invalid function/address argument: {}", R"(
The first part of a watchpoint is the address to watch, as a number. Names are not
looked up: `nm`, or `/proc/kallsyms` for the kernel, tells the address of a variable.

    watchpoint:jiffies:8:w { print(kstack); }

    watchpoint:0xffffffff82a05d00:8:w { print(kstack); }
)"},
    {"E1356", Error, "20.2", "watchpoint must be attached to a non-zero address", R"(
Nothing lies at address 0.

    watchpoint:0:8:w { print(kstack); }

    watchpoint:0x10000000:8:w { print(kstack); }
)"},
    {"E1357", Error, "20.2", "Invalid length argument: {}", R"(
The second part of a watchpoint is the number of bytes to watch.

    watchpoint:0x10000000:long:w { print(kstack); }

    watchpoint:0x10000000:8:w { print(kstack); }
)"},
    {"E1358", Error, "20.2", "watchpoint length must be one of (1,2,4,8)", R"(
A processor watches 1, 2, 4 or 8 bytes. For more, use several watchpoints.

    watchpoint:0x10000000:16:w { print(kstack); }

    watchpoint:0x10000000:8:w, watchpoint:0x10000008:8:w { print(kstack); }
)"},
    {"E1359", Error, "20.2", "watchpoint mode must be combination of (r,w,x)", R"(
The last part of a watchpoint says which accesses it notices: reads, writes, the
execution of an instruction.

    watchpoint:0x10000000:8:write { print(kstack); }

    watchpoint:0x10000000:8:w { print(kstack); }
)"},
    {"E1360", Error, "20.2", "watchpoint modes may not be duplicated", R"(
Each letter of a mode stands once.

    watchpoint:0x10000000:8:ww { print(kstack); }

    watchpoint:0x10000000:8:w { print(kstack); }
)"},
    {"E1354", Error, "20.2", "invalid watchpoint mode: {}", R"(
Not every processor can notice every combination of reads, writes and execution;
the hint says what this one can.

    watchpoint:0x10000000:8:wx { print(kstack); }

    watchpoint:0x10000000:8:rw { print(kstack); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_watchpoints() { return kRows; }

}  // namespace gimlet::ast
