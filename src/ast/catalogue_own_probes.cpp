// E10, last part: probes that gimlet runs itself (self, test, bench) or reads (iter).
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E1091", Error, "2.6", "{} is not a supported trigger", R"(
A `self` probe is about what happens to gimlet itself, and there is one such thing:
that it receives a signal.

    self:timer:SIGUSR1 { print(1); }

    self:signal:SIGUSR1 { print(1); }

For work that is done again and again, there is `interval`.
)"},
    {"E1092", Error, "2.6", "{} is not a supported signal", R"(
The signals that end a run keep that meaning, so that a run can always be ended. A
program is free to use SIGUSR1.

    self:signal:SIGINT { print(@n); }

    self:signal:SIGUSR1 { print(@n); }
    interval:ms:10 { @n++; }

What is to be done at the end stands in `end { ... }`.
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_own_probes() { return kRows; }

}  // namespace gimlet::ast
