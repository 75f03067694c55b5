// Attach points of profile, interval, software and hardware (probes-and-stdlib B2.11, B2.12).

#include <fmt/format.h>

#include "ast/perf_events.h"
#include "ast/sema/expand.h"
#include "base/integer.h"
#include "base/suggest.h"

namespace gimlet::ast::sema {
namespace {

constexpr uint64_t kShortestPeriod = 1000;  // ns

struct Unit {
  const char* name;
  uint64_t nanoseconds;  // 0: a frequency
};
constexpr Unit kUnits[] = {{"hz", 0}, {"s", 1000000000}, {"ms", 1000000}, {"us", 1000}};

const Unit* find_unit(const std::string& name) {
  for (const Unit& unit : kUnits) {
    if (name == unit.name) return &unit;
  }
  return nullptr;
}

void add_timer(ExpandContext& context, Expansion& expansion, const std::string& unit,
               uint64_t count, TimerTarget timer) {
  Match match;
  match.target = {context.provider.id, fmt::format("{}:{}:{}", context.provider.name, unit, count),
                  timer};
  expansion.matches.push_back(std::move(match));
}

// `interval:500ms`: nanoseconds, kept in whole microseconds.
void expand_duration(ExpandContext& context, Expansion& expansion) {
  const auto& part = context.parts[0];
  auto ns = context.number(part, fmt::format("Invalid rate of {} probe", context.provider.name));
  if (!ns) return;
  if (*ns < kShortestPeriod) {
    context.error(part.range,
                  fmt::format("Invalid rate of {} probe. Minimum is 1000 or 1us. Found: "
                              "{} nanoseconds",
                              context.provider.name, *ns));
    return;
  }
  uint64_t us = *ns / 1000;
  add_timer(context, expansion, "us", us, {0, us * 1000});
}

}  // namespace

void expand_timer(ExpandContext& context, Expansion& expansion) {
  if (!context.check_part_count(1, 2)) return;
  for (size_t i = 0; i < context.parts.size(); i++) {
    if (!context.is_pattern(i)) continue;
    context.error(context.parts[i].range, fmt::format("wildcards are not allowed for {} probe type",
                                                      context.provider.name));
    return;
  }
  if (context.parts.size() == 1) return expand_duration(context, expansion);
  const auto& unit_part = context.parts[0];
  const Unit* unit = find_unit(unit_part.text);
  if (!unit) {
    context
        .error(unit_part.range, fmt::format("{} is not an accepted unit of time", unit_part.text))
        .hint("the units are hz, s, ms and us");
    return;
  }
  const auto& part = context.parts[1];
  auto count = context.number(part, fmt::format("Invalid rate of {} probe", context.provider.name));
  if (!count) return;
  if (*count == 0 || (unit->nanoseconds && *count > UINT64_MAX / unit->nanoseconds)) {
    context.error(part.range,
                  fmt::format("{} frequency should be a positive integer", context.provider.name));
    return;
  }
  TimerTarget timer =
      unit->nanoseconds ? TimerTarget{0, *count * unit->nanoseconds} : TimerTarget{*count, 0};
  add_timer(context, expansion, unit->name, *count, timer);
}

// `software:EVENT[:COUNT]` and the same for hardware.
void expand_perf_event(ExpandContext& context, Expansion& expansion) {
  if (!context.check_part_count(1, 2)) return;
  const ast::Provider& provider = context.provider;
  const auto& name = context.parts[0];
  if (context.is_pattern(0)) {
    context.error(name.range,
                  fmt::format("wildcards are not allowed for {} probe type", provider.name));
    return;
  }
  const PerfEvent* event = find_perf_event(provider.id, name.text);
  if (!event) {
    std::vector<std::string> names;
    for (const PerfEvent& known : perf_events(provider.id)) names.push_back(known.name);
    auto& report =
        context.error(name.range, fmt::format("{} is not a {} probe", name.text, provider.name));
    if (auto near = base::nearest(name.text, names)) {
      report.hint(fmt::format("Did you mean '{}'?", *near));
    }
    return;
  }
  uint64_t period = event->default_period;
  std::string shown = fmt::format("{}:{}", provider.name, name.text);
  if (context.parts.size() == 2 && !context.parts[1].text.empty()) {
    auto count =
        context.number(context.parts[1], fmt::format("Invalid count for {} probe", provider.name));
    if (!count) return;
    if (*count > 0) period = *count;
    shown += fmt::format(":{}", *count);
  }
  Match match;
  match.target = {provider.id, shown, PerfEventTarget{event->config, period}};
  expansion.matches.push_back(std::move(match));
}

}  // namespace gimlet::ast::sema
