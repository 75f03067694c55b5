// The typing of aggregations (language §12, probes-and-stdlib B7).

#include <fmt/format.h>

#include "ast/promote.h"
#include "ast/sema/builtin_types.h"

namespace gimlet::ast::sema {
namespace {

constexpr uint64_t kMaxLinearBuckets = 1000;
constexpr uint64_t kMaxIntervals = 1000000;

struct NamedFunction {
  const char* name;
  SeriesFunction function;
};
constexpr NamedFunction kSeriesFunctions[] = {{"avg", SeriesFunction::Avg},
                                              {"max", SeriesFunction::Max},
                                              {"min", SeriesFunction::Min},
                                              {"sum", SeriesFunction::Sum}};

TypeKind aggregate_kind(BuiltinId id) {
  switch (id) {
    case BuiltinId::Sum: return TypeKind::Sum;
    case BuiltinId::Avg: return TypeKind::Avg;
    case BuiltinId::Min: return TypeKind::Min;
    case BuiltinId::Max: return TypeKind::Max;
    case BuiltinId::Stats: return TypeKind::Stats;
    default: return TypeKind::Count;
  }
}

}  // namespace

ExprInfo type_count(Checker&, const Expr&, const Builtin& row, const Call*) {
  return {aggregate_type(TypeKind::Count, false), {}, BuiltinUse{row.id}};
}

ExprInfo type_aggregation(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  Type argument = checker.want_integer(*call, 0);
  if (!argument.known()) return {};
  return {aggregate_type(aggregate_kind(row.id), as_integer(argument).is_signed),
          {},
          BuiltinUse{row.id}};
}

ExprInfo type_hist(Checker& checker, const Expr&, const Builtin& row, const Call* call) {
  checker.want_integer(*call, 0);
  Type type = aggregate_type(TypeKind::Hist, true);
  if (call->arguments.size() > 1) {
    auto bits = checker.want_number(*call, 1);
    if (!bits) return {};
    if (*bits > 5) {
      checker.error(call->arguments[1]->range, fmt::format("hist: bits {} must be 0..5", *bits));
      return {};
    }
    type.histogram.bits = static_cast<uint32_t>(*bits);
  }
  return {type, {}, BuiltinUse{row.id}};
}

ExprInfo type_lhist(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  checker.want_integer(*call, 0);
  auto min = checker.want_number(*call, 1);
  auto max = checker.want_number(*call, 2);
  auto step = checker.want_number(*call, 3);
  if (!min || !max || !step) return {};
  std::string problem;
  if (*step < 1) {
    problem = "lhist() step must be >= 1";
  } else if (*min > *max) {
    problem = "lhist() min must be less than max";
  } else if (*max - *min < *step) {
    problem = "lhist() step is too large for the given range";
  } else if ((*max - *min) / *step > kMaxLinearBuckets) {
    problem = fmt::format("lhist() too many buckets, must be <= {} (would need {})",
                          kMaxLinearBuckets, (*max - *min) / *step);
  }
  if (!problem.empty()) {
    checker.error(expr.range, problem);
    return {};
  }
  Type type = aggregate_type(TypeKind::LHist, true);
  type.histogram = {0, *min, *max, *step};
  return {type, {}, BuiltinUse{row.id}};
}

namespace {

std::optional<SeriesFunction> series_function(Checker& checker, const Expr& expr,
                                              const Call& call) {
  if (call.arguments.size() < 4) return SeriesFunction::Latest;
  const std::string* name = checker.want_text(call, 3);
  if (!name) return std::nullopt;
  for (const NamedFunction& known : kSeriesFunctions) {
    if (*name == known.name) return known.function;
  }
  checker.error(expr.range,
                fmt::format("tseries() expects one of the following aggregation functions: avg, "
                            "max, min, sum (\"{}\" provided)",
                            *name));
  return std::nullopt;
}

}  // namespace

ExprInfo type_tseries(Checker& checker, const Expr& expr, const Builtin& row, const Call* call) {
  if (!checker.check_unstable(kUnstableTseries, expr.range)) return {};
  Type argument = checker.want_integer(*call, 0);
  auto interval = checker.want_number(*call, 1);
  auto count = checker.want_number(*call, 2);
  auto function = series_function(checker, expr, *call);
  if (!argument.known() || !interval || !count || !function) return {};
  std::string problem;
  if (*interval < 1) {
    problem = fmt::format("tseries() interval_ns must be >= 1 ({} provided)", *interval);
  } else if (*count < 1) {
    problem = fmt::format("tseries() num_intervals must be >= 1 ({} provided)", *count);
  } else if (*count > kMaxIntervals) {
    problem =
        fmt::format("tseries() num_intervals must be < {} ({} provided)", kMaxIntervals, *count);
  }
  if (!problem.empty()) {
    checker.error(expr.range, problem);
    return {};
  }
  Type type = aggregate_type(TypeKind::TSeries, as_integer(argument).is_signed);
  type.series = {*interval, static_cast<uint32_t>(*count), *function};
  return {type, {}, BuiltinUse{row.id}};
}

}  // namespace gimlet::ast::sema
