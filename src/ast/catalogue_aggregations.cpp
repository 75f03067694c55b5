// E06, second part: count, sum, hist and the other aggregations.
#include "ast/catalogue_tables.h"

namespace gimlet::ast {
namespace {

using enum DiagnosticClass;

constexpr DiagnosticKind kRows[] = {
    {"E0651", Error, "12.1", "{}() must be assigned directly to a map", R"(
An aggregation is no value that could be computed with: it updates a slot of the
map, one for each CPU, so that nothing is lost. It has to be the whole right side
of an assignment to a map.

    begin { $n = count(); }

    begin { @n = count(); }
)"},
    {"E0652", Error, "12.2",
     "Map value '{}' cannot be assigned from one map to another. The function that returns this "
     "type must be called directly",
     R"(
Reading an aggregation gives a number, but this other map has no type yet, and it
is not clear whether it should hold numbers or be an aggregation itself.

    begin { @c = count(); @copy = @c; }

A cast says that the number is wanted.

    begin { @c = count(); @copy = (int64)@c; }

Histograms, `stats` and `tseries` cannot be read; they are only printed, cleared
or set to zero.
)"},
    {"E0653", Error, "12.1", "hist: bits {} must be 0..5", R"(
The second argument of `hist` says into how many parts each power of two is
divided: 0 for none, up to 5 for 32 parts.

    begin { @h = hist(100, 9); }

    begin { @h = hist(100, 3); }
)"},
    {"E0654", Error, "12.1", "Different bits in a single hist unsupported", R"(
All values of a map go into the same buckets, so every `hist` of a map needs the
same number of bits.

    begin { @h = hist(1, 2); @h = hist(2, 3); }

    begin { @h = hist(1, 3); @h = hist(2, 3); }
)"},
    {"E0655", Error, "12.1", "Different lhist bounds in a single map unsupported", R"(
All values of a map go into the same buckets, so every `lhist` of a map needs the
same minimum, maximum and step.

    begin { @h = lhist(1, 0, 10, 1); @h = lhist(2, 0, 20, 1); }

    begin { @h = lhist(1, 0, 20, 1); @h = lhist(2, 0, 20, 1); }
)"},
    {"E0656", Error, "12.1", "lhist() too many buckets, must be <= 1000 (would need {})", R"(
The buckets exist for every key on every CPU, so their number is limited. It is
the distance from minimum to maximum divided by the step.

    begin { @h = lhist(5, 0, 100000, 1); }

    begin { @h = lhist(5, 0, 100000, 1000); }
)"},
    {"E0657", Error, "12.1", "lhist() min must be less than max", R"(
The second and third argument are the lower and the upper end of the range that is
divided into buckets.

    begin { @h = lhist(5, 10, 0, 1); }

    begin { @h = lhist(5, 0, 10, 1); }
)"},
    {"E0658", Error, "12.1", "lhist() step is too large for the given range", R"(
The step is the width of one bucket. Here even the first bucket would reach beyond
the maximum.

    begin { @h = lhist(5, 0, 10, 20); }

    begin { @h = lhist(5, 0, 10, 2); }
)"},
    {"E0659", Error, "12.1", "lhist() step must be >= 1", R"(
The step is the width of one bucket. With a width of nothing there would be no
end of buckets.

    begin { @h = lhist(5, 0, 10, 0); }

    begin { @h = lhist(5, 0, 10, 1); }
)"},
    {"E0661", Error, "12.1", "tseries() expects one of the following aggregation functions{}", R"(
The last argument of `tseries` says how the values of one interval become one
number: `avg`, `max`, `min` or `sum`. Without it the latest value stays.

    config = { unstable_tseries = enable }
    begin { @t = tseries(5, 1s, 10, "median"); }

    config = { unstable_tseries = enable }
    begin { @t = tseries(5, 1s, 10, "avg"); }
)"},
    {"E0662", Error, "12.1", "Different tseries bounds in a single map unsupported", R"(
Every `tseries` of a map needs the same interval, the same number of intervals and
the same function, for they share one store.

    config = { unstable_tseries = enable }
    begin { @t = tseries(1, 1s, 10); @t = tseries(2, 1s, 20); }

    config = { unstable_tseries = enable }
    begin { @t = tseries(1, 1s, 20); @t = tseries(2, 1s, 20); }
)"},
    {"E0663", Error, "12.1", "tseries() interval_ns must be >= 1 ({} provided)", R"(
The second argument of `tseries` is the length of one interval, in nanoseconds or
with a unit.

    config = { unstable_tseries = enable }
    begin { @t = tseries(5, 0, 10); }

    config = { unstable_tseries = enable }
    begin { @t = tseries(5, 1s, 10); }
)"},
    {"E0664", Error, "12.1", "tseries() num_intervals must be {} ({} provided)", R"(
The third argument of `tseries` says how many intervals are kept: at least one and
at most 1000000. Older ones are dropped.

    config = { unstable_tseries = enable }
    begin { @t = tseries(5, 1s, 0); }

    config = { unstable_tseries = enable }
    begin { @t = tseries(5, 1s, 10); }
)"},
};

}  // namespace

std::span<const DiagnosticKind> catalogue_aggregations() { return kRows; }

}  // namespace gimlet::ast
